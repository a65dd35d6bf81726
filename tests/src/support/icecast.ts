import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

/** The user that nothing belongs to: icecast2 refuses to be root. */
const nobody = 65534;

/** A real icecast2 on a port of its own, with the passwords `hackme`. */
export class Icecast {
  readonly url: string;
  readonly port: number;
  readonly #folder: string;
  readonly #process: ChildProcess;

  private constructor(port: number, folder: string, child: ChildProcess) {
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.#folder = folder;
    this.#process = child;
  }

  static async start(): Promise<Icecast> {
    const folder = await mkdtemp(join(tmpdir(), 'weir-icecast-'));
    const port = await freePort();
    const file = join(folder, 'icecast.xml');
    await writeFile(file, configuration(port, folder));
    const as = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
    if (as.uid !== undefined) for (const each of [folder, file]) await chown(each, as.uid, as.gid);
    const child = spawn('icecast2', ['-c', file], { stdio: 'ignore', ...as });
    const icecast = new Icecast(port, folder, child);
    await eventually('icecast2 answers', () => fetch(`${icecast.url}/`).then(() => true, () => false));
    return icecast;
  }

  /** Listeners of a mount; null when it is not there. */
  async listeners(mount: string): Promise<number | null> {
    const { icestats } = (await (await fetch(`${this.url}/status-json.xsl`)).json()) as { icestats: { source?: Source | Source[] } };
    const found = [icestats.source ?? []].flat().find(({ listenurl }) => listenurl.endsWith(mount));
    return found?.listeners ?? null;
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    if (this.#process.exitCode === null) {
      this.#process.kill('SIGKILL');
      await gone;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}

interface Source {
  readonly listenurl: string;
  readonly listeners: number;
}

function configuration(port: number, folder: string): string {
  return `<icecast>
  <limits><sources>10</sources></limits>
  <authentication><source-password>hackme</source-password><admin-user>admin</admin-user><admin-password>hackme</admin-password></authentication>
  <hostname>localhost</hostname>
  <listen-socket><port>${port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
  <paths><logdir>${folder}</logdir><webroot>/usr/share/icecast2/web</webroot><adminroot>/usr/share/icecast2/admin</adminroot></paths>
  <logging><accesslog>access.log</accesslog><errorlog>error.log</errorlog></logging>
</icecast>
`;
}
