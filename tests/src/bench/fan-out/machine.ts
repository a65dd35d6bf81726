import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { loadavg, release, totalmem } from 'node:os';
import { BenchError } from './bench-error.ts';

/** One core is the server's; the other one is for the source, the listeners, the bus and the bench itself. */
export interface Cores {
  readonly server: number;
  readonly client: number;
}

/** @throws BenchError when this process may use only one */
export function findCores(): Cores {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
  const [server, client] = list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
  if (server === undefined || client === undefined) throw new BenchError(`it takes two cores, and this process may use only ${list}`);
  return { server, client };
}

/** What figures depend on, as lines of `name: value`. Programs that are not there are told so. */
export function describeMachine(cores: Cores): readonly (readonly [name: string, value: string])[] {
  const cpus = readFileSync('/proc/cpuinfo', 'utf8');
  const model = /^model name\s*:\s*(.*)$/m.exec(cpus)?.[1] ?? 'unknown';
  const count = [...cpus.matchAll(/^processor\s*:/gm)].length;
  return [
    ['date', new Date().toISOString().slice(0, 16).replace('T', ' ')],
    ['processor', `${model}, ${count} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB; server on core ${cores.server}, everything else on core ${cores.client}`],
    ['kernel', `Linux ${release()}`],
    ['node', process.version],
    ['nats-server', versionOf('nats-server', ['--version'])],
    ['icecast2', versionOf('icecast2', ['-v'])],
    ['gcc', versionOf('gcc', ['-dumpfullversion'])],
    ['load before the start', loadavg()[0]?.toFixed(2) ?? 'unknown'],
  ];
}

/** What a program says that its version is. */
export function versionOf(program: string, argv: readonly string[]): string {
  const { stdout, stderr, error } = spawnSync(program, argv, { encoding: 'utf8' });
  if (error !== undefined) return 'not installed';
  return /\d+(\.\d+)+\S*/.exec(stdout + stderr)?.[0] ?? 'unknown';
}
