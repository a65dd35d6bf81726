import { spawnSync } from 'node:child_process';
import { mkdirSync, chownSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../../support/free-port.ts';
import type { Bench } from './bench.ts';
import { mediaFlows, startPiped } from './piped.ts';
import type { RunningServer, Server } from './server.ts';
import { contentTypeOf, pathOf } from './test-stream.ts';
import type { TestStream } from './test-stream.ts';

/** The configuration of Debian's package. */
const packagedFile = '/etc/icecast2/icecast.xml';

/** icecast2 runs as nobody where the bench runs as root: it refuses to be that. */
const nobody = 65534;

/** What of the packaged configuration is changed. */
export interface IcecastLimits {
  readonly clients: number;
  /** Bytes by which a listener may be behind; null as it is packaged. */
  readonly queueBytes: number | null;
}

/** Debian's icecast2 as it is packaged; only the number of clients is raised. */
export const icecast: Server = {
  name: 'icecast',
  title: 'icecast2',
  missing: icecastMissing,
  start: (bench, stream) => startIcecast(bench, stream, { clients: 15_000, queueBytes: null }),
};

/** Why it cannot be measured here; null when it can. */
export function icecastMissing(): string | null {
  for (const program of ['icecast2', 'curl']) if (spawnSync(program, ['-h']).error !== undefined) return `${program} is not installed`;
  return packaged() === null ? `${packagedFile} cannot be read` : null;
}

/**
 * Starts icecast2; curl is its source, on the client's core.
 *
 * @throws Error when it does not start
 */
export async function startIcecast(bench: Bench, stream: TestStream, limits: IcecastLimits): Promise<RunningServer> {
  const port = await freePort();
  const path = pathOf(stream);
  const { file, password, user } = configure(bench, port, limits);
  const { processes, cores } = bench;
  const server = processes.start(cores.server, 'icecast2', ['-c', file], user === null ? {} : { user });
  await eventually('icecast2 answers', () => fetch(`http://127.0.0.1:${port}/`).then(() => true, () => false));
  const headers = [`Content-Type: ${contentTypeOf(stream)}`, 'Expect:', 'Transfer-Encoding:'].flatMap((header) => ['-H', header]);
  const { reader, stamper } = startPiped(bench, stream, (stdin) =>
    processes.start(cores.client, 'curl', ['-sS', ...headers, '-T', '-', `http://source:${password}@127.0.0.1:${port}${path}`], { stdin }),
  );
  await mediaFlows(server, port, path);
  const stop = async (): Promise<void> => {
    await server.stop();
    await Promise.all([reader.stop(), stamper.stop()]);
  };
  return { port, path, pid: server.pid, otherPids: [], stop };
}

/** Without its comments; null when it is not there or not for this user's eyes. */
function packaged(): string | null {
  try {
    return readFileSync(packagedFile, 'utf8').replace(/<!--[^]*?-->/g, '');
  } catch {
    return null;
  }
}

function configure(bench: Bench, port: number, { clients, queueBytes }: IcecastLimits): { file: string; password: string; user: number | null } {
  const folder = join(bench.folder, `icecast-${port}`);
  const file = join(folder, 'icecast.xml');
  const text = (packaged() ?? '')
    .replace(/<clients>\d+/, `<clients>${clients}`)
    .replace(/<queue-size>(\d+)/, (_, packagedBytes: string) => `<queue-size>${queueBytes ?? packagedBytes}`)
    .replace(/<port>\d+<\/port>/, `<port>${port}</port><bind-address>127.0.0.1</bind-address>`)
    .replace(/<logdir>[^<]*/, `<logdir>${folder}`);
  mkdirSync(folder);
  writeFileSync(file, text);
  const user = process.getuid?.() === 0 ? nobody : null;
  if (user !== null) for (const each of [folder, file]) chownSync(each, user, user);
  return { file, password: /<source-password>([^<]*)/.exec(text)?.[1] ?? '', user };
}
