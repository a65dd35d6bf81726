import assert from 'node:assert/strict';
import test from 'node:test';
import { ErrorLines } from './error-lines.ts';

const long = 'é'.repeat(2000);
const cases: readonly { name: string; chunks: readonly string[]; lines: readonly string[] }[] = [
  { name: 'splits at line feeds', chunks: ['one\ntwo\n'], lines: ['one', 'two'] },
  { name: 'joins what chunks split', chunks: ['on', 'e\nt', 'wo', '\n'], lines: ['one', 'two'] },
  { name: 'takes carriage return and line feed for one end', chunks: ['one\r\ntwo\r', '\nthree\r\n'], lines: ['one', 'two', 'three'] },
  { name: 'keeps the last of rewritten progress', chunks: ['f=1\rf=2\r', 'f=3\r\r', 'f=4\rerror\n', 'f=5\r', '\n'], lines: ['error', 'f=5'] },
  { name: 'does not mix progress with the text that follows it', chunks: ['frame=1234\r', 'bad\n'], lines: ['bad'] },
  { name: 'drops blank lines', chunks: ['\n\r\n\none\n\n'], lines: ['one'] },
  { name: 'counts an unfinished last line', chunks: ['one\ntwo'], lines: ['one', 'two'] },
  { name: 'cuts a long line', chunks: [`${long}\nnext\n`], lines: [`${'é'.repeat(1024)}…`, 'next'] },
  { name: 'cuts a long line that comes in pieces', chunks: ['a'.repeat(2000), 'b'.repeat(2000), 'c'.repeat(2000), '\nnext\n'], lines: [`${'a'.repeat(2000)}${'b'.repeat(48)}…`, 'next'] },
  { name: 'joins a character that chunks split', chunks: ['caf\xc3', '\xa9\n'], lines: ['café'] },
];
for (const { name, chunks, lines } of cases) {
  test(`error lines: ${name}`, () => {
    const said: string[] = [];
    const errorLines = new ErrorLines((line) => said.push(line));
    for (const chunk of chunks) errorLines.push(Buffer.from(chunk, /^[\0-\xff]*$/.test(chunk) && /\xc3$|^\xa9/.test(chunk) ? 'latin1' : 'utf8'), 0);
    errorLines.end(0);
    assert.deepEqual(said, lines);
    assert.deepEqual(errorLines.tail(), lines);
  });
}

test('error lines: the tail shows the line being written', () => {
  const errorLines = new ErrorLines();
  errorLines.push(Buffer.from('one\nframe=1\rframe=2\r'), 0);
  assert.deepEqual(errorLines.tail(), ['one', 'frame=2']);
  assert.deepEqual(errorLines.tail(), ['one', 'frame=2']);
});

test('error lines: the tail is the last 50', () => {
  const errorLines = new ErrorLines();
  for (let line = 0; line < 70; line++) errorLines.push(Buffer.from(`${line}\n`), 0);
  errorLines.push(Buffer.from('half'), 0);
  const tail = errorLines.tail();
  assert.deepEqual([tail.length, tail[0], tail.at(-2), tail.at(-1)], [50, '21', '69', 'half']);
});

test('error lines: passes 100 a second on and counts the bytes of the rest', () => {
  const said: string[] = [];
  const errorLines = new ErrorLines((line) => said.push(line));
  for (let line = 0; line < 150; line++) errorLines.push(Buffer.from(`${String(line).padStart(3, '0')}\n`), 1000);
  assert.deepEqual([said.length, said.at(-1)], [100, '099']);
  errorLines.push(Buffer.from('later\n'), 2000);
  assert.deepEqual(said.slice(100), ['[150 bytes left out]', 'later']);
  errorLines.end(2000);
  assert.equal(said.length, 102);
});

test('error lines: of a chunk with a thousand lines, looks at the last hundred', () => {
  const said: string[] = [];
  const errorLines = new ErrorLines((line) => said.push(line));
  errorLines.push(Buffer.from('begun '), 0);
  errorLines.push(Buffer.from(Array.from({ length: 1000 }, (_, line) => `${String(line).padStart(3, '0')}\n`).join('')), 0);
  errorLines.end(0);
  assert.deepEqual([said.length, said[0], said[1], said.at(-1)], [101, '[3606 bytes left out]', '900', '999']);
});
