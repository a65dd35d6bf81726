// Loaded into each service by NODE_OPTIONS: at SIGUSR2 it collects garbage and writes what is left to $SOAK_PROBES/PID.json. What a
// heap holds between two collections says nothing about growth.
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getHeapCodeStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Probed } from './probed.ts';

const folder = process.env['SOAK_PROBES'] ?? '.';
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

process.on('SIGUSR2', () => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  const { code_and_metadata_size: code, bytecode_and_metadata_size: bytecode } = getHeapCodeStatistics();
  const active = process.getActiveResourcesInfo();
  const timers = active.filter((kind) => kind === 'Timeout').length;
  // Requests such as a DNS question or a write come and go by themselves; handles do not.
  const handles = active.filter((kind) => kind.endsWith('Wrap') && !kind.endsWith('ReqWrap')).length;
  const probed: Probed = { heapUsed: heapUsed - code - bytecode, external, timers, handles };
  const file = join(folder, `${process.pid}.json`);
  writeFileSync(`${file}.new`, JSON.stringify(probed));
  renameSync(`${file}.new`, file);
});
