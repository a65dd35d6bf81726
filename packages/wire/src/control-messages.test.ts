import assert from 'node:assert/strict';
import test from 'node:test';
import { decodeDemand, decodeSnapshotRequest, encodeControl } from './control-messages.ts';

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
