import assert from 'node:assert/strict';
import test from 'node:test';
import { OggSequences } from './ogg-sequences.ts';

function page(serial: number, sequence: number, granule: bigint): Buffer {
  const bytes = Buffer.alloc(28);
  bytes.write('OggS');
  bytes.writeBigInt64LE(granule, 6);
  bytes.writeUInt32LE(serial, 14);
  bytes.writeUInt32LE(sequence, 18);
  return bytes;
}

const headers = [page(1, 0, 0n), page(1, 1, 0n)];
const cases: readonly { name: string; pages: readonly Buffer[]; jumps: number }[] = [
  { name: 'counts nothing while the numbers count', pages: [...headers, page(1, 2, 960n), page(1, 3, -1n), page(1, 4, 1920n)], jumps: 0 },
  { name: 'lets a listener join behind the headers', pages: [...headers, page(1, 500, 96_000n), page(1, 501, 96_960n)], jumps: 0 },
  { name: 'counts a page that is missing', pages: [...headers, page(1, 2, 960n), page(1, 4, 2880n)], jumps: 1 },
  { name: 'counts one behind a page on which nothing ends', pages: [...headers, page(1, 2, -1n), page(1, 4, 2880n)], jumps: 1 },
  { name: 'keeps logical streams apart', pages: [page(1, 0, 0n), page(2, 0, 0n), page(1, 1, 10n), page(2, 1, 10n), page(1, 2, 20n)], jumps: 0 },
  { name: 'starts anew with the next link of a chain', pages: [page(1, 7, 10n), page(9, 0, 0n), page(9, 1, 10n)], jumps: 0 },
  { name: 'lets the number wrap', pages: [page(1, 2 ** 32 - 1, 10n), page(1, 0, 20n)], jumps: 0 },
];
for (const { name, pages, jumps } of cases) {
  test(`ogg sequences: ${name}`, () => {
    const sequences = new OggSequences();
    assert.equal(pages.reduce((sum, each) => sum + sequences.read(each), 0), jumps);
  });
}
