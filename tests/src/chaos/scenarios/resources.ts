import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { eventually, pause } from '../../support/eventually.ts';
import type { Fleet } from '../fleet.ts';
import type { Scenario } from '../scenario.ts';
import type { Service } from '../service.ts';
import { isSmallDisk, smallDiskBytes } from '../small-disk.ts';

/** Where Debian's package `faketime` has the library. */
const fakeTime = ['/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1', '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1'].find((file) => existsSync(file));

function limit(service: Service, resource: string, value: string): void {
  const { status, stderr } = spawnSync('prlimit', [`--pid=${service.pid}`, `--${resource}=${value}`], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`prlimit: ${stderr}`);
}

/** The number that the next one would get: what is below counts as open, gaps there would not. */
function firstFreeDescriptor({ pid }: Service): number {
  const open = new Set(readdirSync(`/proc/${pid}/fd`).map(Number));
  let free = 0;
  while (open.has(free)) free++;
  return free;
}

/** Asks once; gives the status, null when there is none within a second. */
function ask(url: string): Promise<number | null> {
  return new Promise((resolve) => {
    const asked = request(url, { agent: false, method: 'HEAD', timeout: 1000 }, ({ statusCode = 0 }) => {
      resolve(statusCode);
      asked.destroy();
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve(null));
    asked.once('close', () => resolve(null));
    asked.end();
  });
}

/** As many requests as make a log grow. */
async function visit(fleet: Fleet, count: number): Promise<void> {
  for (let visitor = 0; visitor < count; visitor++) {
    const url = `${fleet.edgeUrls[visitor % fleet.edgeUrls.length]}/mp3`;
    await fetch(url, { signal: AbortSignal.timeout(5000) }).then((response) => response.body?.cancel(), () => {});
  }
}

/** Of what a machine runs out of, and of its clock. */
export const resourceScenarios: readonly Scenario[] = [
  {
    name: 'disk-full',
    explanation: 'the disk of the access logs and the logs of commands is full for 10 s (a tmpfs of 1 MiB; where that cannot be mounted, a limit on the size of files) while clients come and go and an encoder dies',
    mayReconnect: 'nobody',
    run: async (fleet) => {
      const filler = join(fleet.logFolder, 'filler');
      const mounted = isSmallDisk(fleet.logFolder);
      if (mounted) await writeFile(filler, Buffer.alloc(smallDiskBytes)).catch(() => {});
      else for (const edge of fleet.edges) limit(edge, 'fsize', '1:unlimited');
      await visit(fleet, 40);
      const { encoders } = await fleet.producers();
      for (const { pid } of encoders.slice(0, 1)) if (pid !== null) process.kill(pid, 'SIGKILL');
      await pause(10_000);
      const told = fleet.edges.filter(({ output }) => output.includes('a log file cannot be written')).length;
      if (mounted) await rm(filler, { force: true });
      else for (const edge of fleet.edges) limit(edge, 'fsize', 'unlimited:unlimited');
      await visit(fleet, 10);
      return { faults: told > 0 ? [] : ['no edge has told that its log cannot be written'] };
    },
  },
  {
    name: 'descriptors',
    explanation: 'an edge may open no more file descriptors than it has for 8 s, while 20 clients ask it',
    mayReconnect: 'nobody',
    run: async (fleet) => {
      const number = fleet.anyEdge();
      const edge = fleet.edges[number];
      if (edge === undefined) return {};
      const hard = /^Max open files\s+\d+\s+(\d+)/m.exec(readFileSync(`/proc/${edge.pid}/limits`, 'utf8'))?.[1] ?? '1024';
      limit(edge, 'nofile', `${firstFreeDescriptor(edge)}:${hard}`);
      const url = `${fleet.edgeUrls[number]}/mp3`;
      const answers = await Promise.all(Array.from({ length: 20 }, () => ask(url)));
      await pause(7000);
      limit(edge, 'nofile', `${hard}:${hard}`);
      await eventually('the edge takes listeners again', async () => (await ask(url)) === 200, 30_000);
      return { faults: answers.includes(200) ? ['the limit was none'] : [] };
    },
  },
  {
    name: 'clock-step',
    explanation: 'the clocks of all services jump an hour ahead, then two hours back, then to the right time (libfaketime; the monotonic clock stays)',
    mayReconnect: 'nobody',
    lacks: () => (fakeTime === undefined ? 'libfaketime: apt-get install faketime' : null),
    prepare: async (fleet) => {
      await writeFile(clockFile(fleet), '+0\n');
      for (const service of fleet.services) {
        if (service.environment['FAKETIME_TIMESTAMP_FILE'] !== undefined) continue;
        service.environment = { ...service.environment, LD_PRELOAD: fakeTime ?? '', FAKETIME_TIMESTAMP_FILE: clockFile(fleet), FAKETIME_CACHE_DURATION: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1' };
        await service.end('SIGTERM');
        await service.start();
      }
    },
    run: async (fleet) => {
      for (const offset of ['+3600', '-3600', '+0']) {
        await writeFile(clockFile(fleet), `${offset}\n`);
        await pause(8000);
      }
    },
  },
];

function clockFile({ logFolder }: Fleet): string {
  return join(logFolder, '..', 'clock');
}
