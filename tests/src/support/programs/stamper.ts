/**
 * `stamper FILE BITS_PER_SECOND FRAMES_PER_SECOND`: plays a transport stream file in a loop on stdout, in bursts, each begun by a
 * packet on PID 0x1F0 that carries the system's monotonic clock. Any server that passes TS through carries the stamps along.
 */
import { readFileSync, writeSync } from 'node:fs';
import { packetBytes, writeStamp } from '../stamp.ts';

const [file = '', bitsPerSecond = '1000000', framesPerSecond = '25'] = process.argv.slice(2);
const media = readFileSync(file);
const burstBytes = Math.max(1, Math.round(Number(bitsPerSecond) / 8 / Number(framesPerSecond) / packetBytes)) * packetBytes;
const burst = Buffer.alloc(packetBytes + burstBytes);
const started = performance.now();
let position = 0;
let count = 0;

function tick(): void {
  for (let offset = packetBytes; offset < burst.length; offset += packetBytes) {
    media.copy(burst, offset, position, position + packetBytes);
    position = (position + packetBytes) % (media.length - (media.length % packetBytes));
  }
  writeStamp(burst, count++);
  // Synchronous: a full pipe must hold the stamper back, not queue stamps.
  for (let offset = 0; offset < burst.length; ) offset += writeAll(offset);
  setTimeout(tick, Math.max(0, started + (count * 1000) / Number(framesPerSecond) - performance.now()));
}

function writeAll(offset: number): number {
  try {
    return writeSync(1, burst, offset);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return 0;
    process.exit(0);
  }
}

tick();
