import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import test from 'node:test';
import { createLogger } from './logger.ts';
import type { LoggerOptions, RootLogger } from './logger.ts';

/** A logger whose lines, without the time, are collected. */
function collecting(options: Partial<LoggerOptions> = {}): { logger: RootLogger; lines: () => string[]; text: () => string } {
  let text = '';
  const write = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const logger = createLogger({ name: 'weir', level: 'info', format: 'text', write, nowMillis: () => 0, ...options });
  return { logger, text: () => text, lines: () => text.split('\n').slice(0, -1).map((line) => line.slice('1970-01-01 00:00:00.000 '.length)) };
}

test('logger: the first line is whole, with its time, when the call returns', () => {
  const { logger, text } = collecting();
  logger.info('weir 0.1.0 starting', { role: 'edge' });
  assert.match(text(), /^(1970-01-01|1969-12-31) \d\d:\d\d:00\.000 info  weir: weir 0\.1\.0 starting role=edge\n$/);
});

test('logger: a thousand lines at once all arrive, in order, before the call returns', () => {
  const { logger, lines } = collecting();
  for (let line = 0; line < 1000; line++) logger.info(`line ${line}`);
  assert.deepEqual(lines(), Array.from({ length: 1000 }, (_, line) => `info  weir: line ${line}`));
});

test('logger: writes JSON lines', () => {
  const { logger, text } = collecting({ format: 'json' });
  logger.child('edge').warn('slow', { skips: 2 });
  assert.equal(text(), '{"time":"1970-01-01T00:00:00.000Z","level":"warn","component":"edge","message":"slow","skips":2}\n');
});

test('logger: names components by their place', () => {
  const { logger, lines } = collecting();
  const edge = logger.child('edge');
  edge.error('a');
  edge.child('ring').warn('b');
  edge.child('ring').child('cam').info('c');
  assert.deepEqual(lines(), ['error edge: a', 'warn  edge.ring: b', 'info  edge.ring.cam: c']);
});

test('logger: writes what the level lets through, and a change holds at once for loggers that exist', () => {
  const { logger, lines } = collecting({ level: 'warn' });
  const edge = logger.child('edge');
  const ring = edge.child('ring');
  const ingest = logger.child('ingest');
  const say = (turn: number): void => {
    for (const part of [logger, edge, ring, ingest]) {
      part.debug(`debug ${turn}`);
      part.info(`info ${turn}`);
      part.warn(`warn ${turn}`);
      part.error(`error ${turn}`);
    }
  };
  const counts: number[] = [];
  const steps = [() => {}, () => logger.setLevel('debug', 'edge'), () => logger.setLevel('error', 'edge.ring'), () => logger.setLevel('info'), () => logger.setLevel('debug')];
  for (const [turn, step] of steps.entries()) {
    const before = lines().length;
    step();
    say(turn);
    counts.push(lines().length - before);
  }
  assert.deepEqual(counts, [8, 12, 9, 12, 16]);
});

test('logger: takes a message with percent signs and fields named message, stack or splat as they are', () => {
  const { logger, lines } = collecting();
  logger.info('100%s %d %o', { message: 'm', stack: 's', splat: [1] });
  assert.deepEqual(lines(), ['info  weir: 100%s %d %o message=m stack=s splat=[1]']);
});

test('logger: the program goes on when the lines cannot be written', async () => {
  const write = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
  const logger = createLogger({ name: 'weir', level: 'info', format: 'text', write });
  logger.info('lost');
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(write.destroyed);
  logger.info('lost too');
  await new Promise((resolve) => setImmediate(resolve));
});

test('logger: a debug call below the level formats nothing', () => {
  const { logger, text } = collecting();
  const fields = {
    get value(): string {
      throw new Error('was looked at');
    },
  };
  for (let call = 0; call < 1_000_000; call++) logger.debug('frame', fields);
  assert.equal(text(), '');
});
