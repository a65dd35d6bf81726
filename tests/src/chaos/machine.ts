import { spawnSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';

/** What a run's figures depend on, as lines of name and value. */
export function describeMachine(): readonly (readonly [name: string, value: string])[] {
  const [first] = cpus();
  return [
    ['date', new Date().toISOString().slice(0, 16).replace('T', ' ')],
    ['processor', `${first?.model.trim() ?? 'unknown'}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`],
    ['kernel', `Linux ${release()}`],
    ['node', process.version],
    ['nats-server', versionOf('nats-server', ['--version'])],
    ['ffmpeg', versionOf('ffmpeg', ['-version'])],
  ];
}

function versionOf(program: string, argv: readonly string[]): string {
  const { stdout, error } = spawnSync(program, argv, { encoding: 'utf8' });
  if (error !== undefined) return 'not installed';
  return /\d+(\.\d+)+\S*/.exec(stdout)?.[0] ?? 'unknown';
}
