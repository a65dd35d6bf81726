import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { MemoryBus } from '@weir/bus';
import { configurationOf } from '@weir/config';
import type { StreamFrame } from '@weir/media';
import { createLogger, Metrics } from '@weir/telemetry';
import { encodeControl, MessageReader, Subjects } from '@weir/wire';
import { Ingest } from './ingest.ts';

/** Prints the time, in milliseconds and 16 digits, fifty times a second. */
const clock = ['node', '-e', "setInterval(() => process.stdout.write(String(Date.now()).padStart(16, '0')), 20)"];

describe('an ingest that is asked for a stream', () => {
  const bus = new MemoryBus((error) => assert.fail(String(error)));
  const subjects = new Subjects('weir');
  const logger = createLogger({ name: 'test', level: 'error', format: 'text', write: new Writable({ write: (_, __, done) => done() }) });
  let ingest: Ingest;
  before(async () => {
    ingest = await Ingest.start({ instance: 'one', version: '0', bus, subjects, logger, metrics: new Metrics('ingest') });
    const source = { feeds: { clock: { command: clock, format: 'raw', block_bytes: 16 } }, streams: { clock: { feed: 'clock', path: '/clock' } } };
    ingest.apply(configurationOf(source, 'test'));
  });
  after(() => ingest.close());

  const demand = (listeners: number, edge = 'edge-1'): void => void bus.control.publish(subjects.demand('clock'), encodeControl({ edge, listeners }));
  const mood = (): string | undefined => ingest.status().producers[0]?.mood;

  async function snapshot(): Promise<string[]> {
    const request = encodeControl({ edge: 'edge-1', listeners: 1, after: null, behindMillis: 60_000 });
    const messages = await bus.frames.collect(subjects.snapshot('clock'), request, { timeoutMillis: 1000, bytesMax: 1 << 20 }).catch(() => []);
    const frames: StreamFrame[] = [];
    const reader = new MessageReader();
    for (const message of messages) reader.read(message, (frame) => frames.push(frame));
    return frames.filter(({ kind }) => kind !== 'init').map(({ payload }) => Buffer.from(payload).toString());
  }

  async function becomes(wanted: string | undefined): Promise<void> {
    for (let tries = 0; mood() !== wanted; tries++) {
      if (tries === 500) assert.fail(`still ${mood()}, not ${wanted}`);
      await pause(20);
    }
  }

  it('runs it until the last edge says that nobody listens', async () => {
    demand(1);
    demand(2, 'edge-2');
    await becomes('happy');
    demand(0);
    await pause(100);
    assert.equal(mood(), 'happy');
    demand(0, 'edge-2');
    await becomes('sleeping');
  });

  it('does not start it for an edge that changed its mind at once', async () => {
    await becomes(undefined);
    demand(1);
    demand(0);
    await pause(1500);
    assert.ok(mood() === 'sleeping' || mood() === undefined, mood());
  });

  it('takes no request for a snapshot for a listener', async () => {
    demand(1);
    await becomes('happy');
    demand(0);
    await snapshot();
    await pause(50);
    assert.equal(mood(), 'sleeping');
  });

  it('gives nothing of what was before it slept', async () => {
    demand(1);
    await becomes('happy');
    demand(0);
    await becomes('sleeping');
    assert.deepEqual(await snapshot(), []);
    const asked = Date.now();
    demand(1);
    await becomes('happy');
    const media = await snapshot();
    assert.ok(media.length > 0);
    assert.ok(Number(media[0]?.slice(0, 16)) >= asked, `${media[0]} is from before ${asked}`);
    demand(0);
  });
});
