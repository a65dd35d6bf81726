/** `pacer FILE BYTES_PER_SECOND`: writes a file to stdout at that rate, then stays. */
import { readFileSync, writeSync } from 'node:fs';

const [file = '', bytesPerSecond = '1000000'] = process.argv.slice(2);
const bytes = readFileSync(file);
const started = performance.now();
let written = 0;

function tick(): void {
  const due = Math.min(bytes.length, Math.ceil((Number(bytesPerSecond) * (performance.now() - started)) / 1000));
  while (written < due) written += write(due);
  setTimeout(tick, written < bytes.length ? 20 : 60_000);
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
