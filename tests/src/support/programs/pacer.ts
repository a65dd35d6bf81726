/** `pacer FILE BYTES_PER_SECOND`: writes a file to stdout at no more than that rate, then stays. What it is late with it does not catch up. */
import { readFileSync, writeSync } from 'node:fs';

const [file = '', bytesPerSecond = '1000000'] = process.argv.slice(2);
const bytes = readFileSync(file);
const tickMillis = 20;
const lateMillisMax = 5 * tickMillis;
let last = performance.now();
let written = 0;

function tick(): void {
  const now = performance.now();
  const due = Math.min(bytes.length, written + Math.ceil((Number(bytesPerSecond) * Math.min(now - last, lateMillisMax)) / 1000));
  last = now;
  while (written < due) written += write(due);
  setTimeout(tick, written < bytes.length ? tickMillis : 60_000);
}

function write(end: number): number {
  try {
    return writeSync(1, bytes, written, end - written);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return 0;
    process.exit(0);
  }
}

tick();
