import assert from 'node:assert/strict';
import test from 'node:test';
import { line, redirectTarget, webUrl } from './text.ts';
import type * as z from 'zod';

const cases: readonly { name: string; type: z.ZodType; taken: readonly unknown[]; refused: readonly unknown[] }[] = [
  {
    name: 'line',
    type: line,
    taken: ['x', 'Ünïcode 🎵', 'a block of YAML\n', '<b>&"\'', 'x'.repeat(500), 101.5, true],
    refused: ['', ' ', '\n', 'a\nb', 'a\r\nX: y', 'a\tb', 'a\0', 'a\u007Fb', 'a\u0085b', 'a\u2028b', 'a\uD83D', 'x'.repeat(501), null, []],
  },
  {
    name: 'URL',
    type: webUrl,
    taken: ['http://x', 'https://example.org/', 'http://10.0.0.7:8090/a/b.mp3?x=1&y=%20#z', 'http://[::1]:80/x', 'https://x?y', "http://x/(a)'b;c=d,e!*+$@"],
    refused: ['', 'x', '/x', '//x/y', 'ftp://x', 'javascript:alert(1)', 'http://', 'http:///x', 'http:x', 'http://user@x/', 'http://user:password@x/', 'http://x:99999/', 'http://[::x]/', 'http://[1]/', 'http://x y/', 'http://x/a b', 'http://x/\r\nX: y', 'http://x/"', 'http://x/<', 'http://x\\y', 'http://ü/', `http://x/${'y'.repeat(2000)}`],
  },
  {
    name: 'target of a redirect',
    type: redirectTarget,
    taken: ['/', '/x', '/x/y.mp3?z=1', 'https://x/y'],
    refused: ['', 'x', '//x', '/\\x', '/x y', '/x\n', '/ü', 'ftp://x', 'http://', 'http://user:password@x/', 'http://x:99999/', `/${'x'.repeat(2000)}`],
  },
];
for (const { name, type, taken, refused } of cases) {
  for (const value of taken) test(`text: ${JSON.stringify(value).slice(0, 60)} is a ${name}`, () => assert.ok(type.safeParse(value).success));
  for (const value of refused) test(`text: ${JSON.stringify(value).slice(0, 60)} is no ${name}`, () => assert.ok(!type.safeParse(value).success));
}
