import assert from 'node:assert/strict';
import test from 'node:test';
import { shownUrl } from './shown-url.ts';

const cases: readonly [url: string, shown: string][] = [
  ['http://example.org:8000/live.ogg', 'http://example.org:8000/live.ogg'],
  ['http://user:secret@example.org/a#part', 'http://example.org/a'],
  ['http://:secret@example.org/', 'http://example.org/'],
  ['https://example.org/a?token=secret&mount=b', 'https://example.org/a?token=***&mount=***'],
  ['https://example.org/a?secret', 'https://example.org/a?***'],
  ['https://example.org/a?x=secret=secret&secret&', 'https://example.org/a?x=***&***&***'],
  ['udp://[ff02::1]:1234?interface=fe80::1', 'udp://[ff02::1]:1234?interface=***'],
  [`http://example.org/${'a'.repeat(400)}`, `http://example.org/${'a'.repeat(281)}...`],
];
for (const [url, shown] of cases) {
  test(`shown URL: of ${url.slice(0, 60)}`, () => {
    assert.equal(shownUrl(new URL(url)), shown);
    assert.ok(!shownUrl(new URL(url)).includes('secret'));
  });
}
