import assert from 'node:assert/strict';
import test from 'node:test';
import { Window } from './window.ts';

const bytes = (from: number, count: number): Uint8Array => Uint8Array.from({ length: count }, (_, index) => from + index);

test('window: shows a chunk itself while nothing straddles it', () => {
  const window = new Window();
  const chunk = bytes(0, 10);
  window.push(chunk);
  assert.equal(window.has(10), true);
  assert.equal(window.take(4).buffer, chunk.buffer);
  assert.equal(window.length, 6);
});

test('window: copies what straddles two chunks, and nothing behind it', () => {
  const window = new Window();
  const second = bytes(4, 6);
  window.push(bytes(0, 4));
  assert.equal(window.has(6), false);
  window.push(second);
  assert.equal(window.has(6), true);
  assert.deepEqual([...window.take(6)], [0, 1, 2, 3, 4, 5]);
  assert.equal(window.take(4).buffer, second.buffer);
  assert.equal(window.length, 0);
});

test('window: keeps slices it gave away as they were', () => {
  const window = new Window();
  window.push(bytes(0, 3));
  assert.equal(window.has(5), false);
  window.push(bytes(3, 3));
  assert.equal(window.has(5), true);
  const first = window.take(2);
  assert.equal(window.has(5), false);
  window.push(bytes(6, 100));
  assert.equal(window.has(104), true);
  assert.deepEqual([...first], [0, 1]);
  assert.deepEqual([...window.take(104)], [...bytes(2, 104)]);
});

test('window: does not believe a size that has not arrived', () => {
  const window = new Window();
  window.push(bytes(0, 3));
  assert.equal(window.has(2 ** 40), false);
  window.push(bytes(3, 3));
  assert.equal(window.has(2 ** 40), false);
  assert.ok(window.bytes.length <= 4 * 6);
  assert.deepEqual([...window.take(6)], [...bytes(0, 6)]);
});

test('window: grows as long as there are more bytes', () => {
  const window = new Window();
  window.push(bytes(0, 2));
  assert.equal(window.more(), false);
  window.push(new Uint8Array(100_000));
  let steps = 0;
  while (window.more()) steps++;
  assert.ok(steps > 1);
  assert.equal(window.end - window.at, 100_002);
});

test('window: shows the chunk itself again as soon as nothing straddles', () => {
  for (const ask of [(window: Window) => window.has(5), (window: Window) => window.more()]) {
    const window = new Window();
    const second = bytes(2, 50);
    window.push(bytes(0, 2));
    window.push(second);
    assert.equal(window.has(4), true);
    assert.notEqual(window.bytes, second);
    window.skip(2);
    assert.equal(ask(window), true);
    assert.deepEqual([window.bytes === second, window.at, window.length], [true, 0, 50]);
    assert.deepEqual([...window.take(50)], [...second]);
  }
});
