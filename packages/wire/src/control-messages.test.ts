import assert from 'node:assert/strict';
import test from 'node:test';
import { decodeDemand, decodeSnapshotRequest, decodeSources, encodeControl } from './control-messages.ts';

test('demand: comes back as it was sent', () => {
  assert.deepEqual(decodeDemand(encodeControl({ edge: 'e1', listeners: 3 })), { edge: 'e1', listeners: 3 });
});

for (const after of [null, { epoch: 4, sequence: 17 }]) {
  test(`snapshot request: comes back as it was sent, after ${JSON.stringify(after)}`, () => {
    const request = { edge: 'e1', listeners: 1, after, behindMillis: 5000 };
    assert.deepEqual(decodeSnapshotRequest(encodeControl(request)), request);
  });
}

for (const bad of ['', '{', 'null', '[]', '{"edge":1,"listeners":1}', '{"edge":"e","listeners":-1}', '{"edge":"e","listeners":1.5}']) {
  test(`demand: ${bad || 'nothing'} is none`, () => {
    assert.equal(decodeDemand(Buffer.from(bad)), null);
    assert.equal(decodeSnapshotRequest(Buffer.from(bad)), null);
  });
}

test('sources: come back as they were sent, without what is no name, and no more than an edge takes', () => {
  assert.deepEqual(decodeSources(encodeControl({ ingest: 'i1', sources: ['live/a', 'live/b'] })), { ingest: 'i1', sources: ['live/a', 'live/b'] });
  assert.deepEqual(decodeSources(Buffer.from('{"ingest":"i1","sources":["live/a",7,null]}'))?.sources, ['live/a']);
  assert.equal(decodeSources(encodeControl({ ingest: 'i1', sources: Array.from({ length: 10_001 }, String) }))?.sources.length, 10_000);
  for (const bad of ['', 'null', '{"ingest":1,"sources":[]}', '{"ingest":"i1","sources":"x"}']) assert.equal(decodeSources(Buffer.from(bad)), null);
});
