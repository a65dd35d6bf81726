import assert from 'node:assert/strict';
import test from 'node:test';
import { escapeControls, escapeJson, quoteValue } from './escape.ts';

const texts: readonly [name: string, text: string, escaped: string][] = [
  ['plain text', 'VLC/3.0 (Grüße, 日本 🎵)', 'VLC/3.0 (Grüße, 日本 🎵)'],
  ['line ends and tabs', 'a\r\nb\tc', 'a\\r\\nb\\tc'],
  ['an ANSI sequence', '\x1b[31mred\x1b[0m', '\\x1b[31mred\\x1b[0m'],
  ['a C1 sequence', '\x9b31mred\x85', '\\x9b31mred\\x85'],
  ['NUL and DEL', '\0\x7f', '\\x00\\x7f'],
  ['line and paragraph separators', '\u2028\u2029', '\\u2028\\u2029'],
  ['marks that reverse the direction', 'a\u202egpj.exe\u2066\u200f', 'a\\u202egpj.exe\\u2066\\u200f'],
  ['half a pair', 'a\ud83cb', 'a\\ud83cb'],
];
for (const [name, text, escaped] of texts) {
  test(`escape: ${name}`, () => {
    assert.equal(escapeControls(text), escaped);
    const json = escapeJson(JSON.stringify(text));
    assert.equal(JSON.parse(json), text);
    assert.equal(escapeControls(json), json);
  });
}

const values: readonly [value: string, quoted: string][] = [
  ['/cam/hd.ts?x', '/cam/hd.ts?x'],
  ['café', 'café'],
  ['', '""'],
  ['two words', '"two words"'],
  ['no\u00a0break', '"no\u00a0break"'],
  ['a=b', '"a=b"'],
  ['say "hi"', '"say \\"hi\\""'],
  ['C:\\x', '"C:\\\\x"'],
  ['x\ny', '"x\\ny"'],
  ['x\x1by', '"x\\x1by"'],
  ['x" level=error y="', '"x\\" level=error y=\\""'],
];
for (const [value, quoted] of values) {
  test(`quote: ${JSON.stringify(value)} is written ${quoted}`, () => assert.equal(quoteValue(value), quoted));
}
