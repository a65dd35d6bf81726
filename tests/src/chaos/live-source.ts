/**
 * `live-source FILE INDEX SECONDS`: plays a file on stdout as something live: where it is depends on the machine's monotonic clock
 * alone, so that one that is started later, or goes on after a stop, goes on where the others are, at a unit it may begin with.
 */
import { readFileSync, writeSync } from 'node:fs';

const [file = '', indexFile = '', seconds = '60'] = process.argv.slice(2);
const media = readFileSync(file);
const entries = new Uint32Array(new Uint8Array(readFileSync(indexFile)).buffer);
const count = entries.length - 1;
const unitsPerMilli = count / (Number(seconds) * 1000);
/** A source that was kept from playing for longer goes on at what is on now. */
const lateMillisMax = 1000;
const tickMillis = 20;

function offsetOf(unit: number): number {
  return (entries[unit] ?? 0) >>> 1;
}

function begins(unit: number): boolean {
  return ((entries[unit] ?? 0) & 1) === 1;
}

/** Units since the machine was started. */
function due(): number {
  return Math.floor((Number(process.hrtime.bigint()) / 1e6) * unitsPerMilli);
}

function firstFrom(unit: number): number {
  while (!begins(unit % count)) unit++;
  return unit;
}

function write(from: number, to: number): void {
  for (let at = from; at < to; ) {
    try {
      at += writeSync(1, media, at, to - at);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') continue;
      process.exit(0);
    }
  }
}

let next = firstFrom(due());
write(0, offsetOf(0));

function tick(): void {
  const now = due();
  if (now - next > lateMillisMax * unitsPerMilli) next = firstFrom(now);
  for (; next <= now; ) {
    const from = next % count;
    const to = Math.min(count, from + (now - next) + 1);
    write(offsetOf(from), offsetOf(to));
    next += to - from;
  }
  setTimeout(tick, tickMillis);
}

tick();
