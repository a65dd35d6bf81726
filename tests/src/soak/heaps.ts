import { openSync, readdirSync, closeSync, fstatSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../support/eventually.ts';
import { snapshotSignal } from './service.ts';
import type { Service } from './service.ts';

/** Milliseconds that a process may take to write its heap. */
const writeMillisMax = 60_000;

/** Makes every process of the services write its heap into the folder, one after the other; fulfilled when all are whole. */
export async function writeHeaps(services: readonly Service[], folder: string): Promise<void> {
  for (const pid of services.flatMap(({ processes }) => processes)) {
    process.kill(pid, snapshotSignal);
    await eventually(`process ${pid} writes its heap`, () => readdirSync(folder).some((name) => name.startsWith('Heap.') && name.includes(`.${pid}.`) && isWhole(join(folder, name))), writeMillisMax);
  }
}

/** A snapshot is one object of JSON. */
function isWhole(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const last = Buffer.alloc(1);
    return readSync(file, last, 0, 1, Math.max(0, fstatSync(file).size - 1)) === 1 && last.toString() === '}';
  } finally {
    closeSync(file);
  }
}
