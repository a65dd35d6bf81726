import assert from 'node:assert/strict';
import test from 'node:test';
import { searchMost } from './search.ts';

/** Searches a server that carries so many, and is strained from half of them on. */
async function search(capacity: number, first: number, max: number): Promise<{ carried: number; tooMany: number | null; asked: number[] }> {
  const asked: number[] = [];
  const probe = async (listeners: number): Promise<{ carried: boolean; strained: boolean }> => {
    asked.push(listeners);
    return { carried: listeners <= capacity, strained: listeners > capacity / 2 };
  };
  return { ...(await searchMost(probe, first, max)), asked };
}

for (const { capacity, first } of [
  { capacity: 5000, first: 500 },
  { capacity: 600, first: 500 },
  { capacity: 900, first: 2000 },
  { capacity: 7, first: 2000 },
  { capacity: 17_000, first: 100 },
]) {
  test(`search: a server that carries ${capacity} is found to within a quarter from ${first}`, async () => {
    const { carried, tooMany, asked } = await search(capacity, first, 19_500);
    assert.ok(carried <= capacity && carried >= Math.floor(capacity / 1.27), `${carried}`);
    assert.ok(tooMany !== null && tooMany > capacity);
    assert.equal(new Set(asked).size, asked.length, `${asked.join()}`);
    assert.ok(asked.length <= 11, `${asked.join()}`);
  });
}

test('search: a server that carries all there are is asked for them and for no more', async () => {
  const { carried, tooMany, asked } = await search(1e6, 500, 19_500);
  assert.deepEqual([carried, tooMany], [19_500, null]);
  assert.equal(Math.max(...asked), 19_500);
});

test('search: a server that carries nobody is given up at one', async () => {
  assert.deepEqual(await search(0, 500, 19_500).then(({ carried, tooMany }) => [carried, tooMany]), [0, 1]);
});
