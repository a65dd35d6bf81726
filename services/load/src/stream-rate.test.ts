import assert from 'node:assert/strict';
import test from 'node:test';
import { StreamRate } from './stream-rate.ts';

test('stream rate: is that of one reader, without the burst at its start', () => {
  const rate = new StreamRate();
  const silent = { bytes: 0, isReceiving: false };
  const reader = { bytes: 500_000, isReceiving: true };
  rate.sample([silent, reader], 0);
  assert.equal(rate.bytesPerSecond, null);
  for (let second = 1; second <= 10; second++) {
    reader.bytes += 1000;
    rate.sample([silent, reader], second * 1000);
  }
  assert.ok(rate.bytesPerSecond !== null && rate.bytesPerSecond >= 1000 && rate.bytesPerSecond <= 1200, String(rate.bytesPerSecond));
});

test('stream rate: stays known while another reader takes the place of one that has ended', () => {
  const rate = new StreamRate();
  const first = { bytes: 0, isReceiving: true };
  const second = { bytes: 70_000, isReceiving: true };
  rate.sample([first, second], 0);
  first.bytes = 3000;
  rate.sample([first, second], 1000);
  const known = rate.bytesPerSecond;
  first.isReceiving = false;
  rate.sample([first, second], 2000);
  assert.equal(rate.bytesPerSecond, known);
  second.bytes += 200;
  rate.sample([first, second], 3000);
  assert.equal(rate.bytesPerSecond, 200);
});

test('stream rate: is not known while nothing comes', () => {
  const rate = new StreamRate();
  for (let second = 0; second < 5; second++) rate.sample([{ bytes: 0, isReceiving: true }], second * 1000);
  assert.equal(rate.bytesPerSecond, null);
});
