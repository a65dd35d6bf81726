import assert from 'node:assert/strict';
import test from 'node:test';
import { escapeHtml } from './escape.ts';

const cases: readonly [name: string, value: unknown, html: string][] = [
  ['leaves plain text alone', 'Küche ${x} `y`', 'Küche ${x} `y`'],
  ['disarms an element', '</script><b>', '&lt;/script&gt;&lt;b&gt;'],
  ['keeps a value inside its attribute', `" onload='x'`, '&quot; onload=&#39;x&#39;'],
  ['does not take an entity for escaped', '&lt;', '&amp;lt;'],
  ['shows control characters', 'a\0b\x1b[2J\x7f', 'a␀b␛[2J␡'],
  ['keeps tabs and line ends', 'a\tb\r\nc', 'a\tb\r\nc'],
  ['writes a number', 12, '12'],
];
for (const [name, value, html] of cases) {
  test(`escape: ${name}`, () => assert.equal(escapeHtml(value), html));
}
