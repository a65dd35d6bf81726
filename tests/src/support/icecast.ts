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
  readonly #file: string;
  #process: ChildProcess;

  private constructor(port: number, folder: string, file: string) {
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.#folder = folder;
    this.#file = file;
    this.#process = this.#spawn();
  }

  static async start(): Promise<Icecast> {
    const folder = await mkdtemp(join(tmpdir(), 'weir-icecast-'));
    const port = await freePort();
    const file = join(folder, 'icecast.xml');
    await writeFile(file, configuration(port, folder));
    if (isRoot()) for (const each of [folder, file]) await chown(each, nobody, nobody);
    const icecast = new Icecast(port, folder, file);
    await icecast.#answers();
    return icecast;
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    if (this.#process.exitCode !== null || !this.#process.kill('SIGKILL')) return;
    await gone;
  }

  /** Starts it again on the same port. */
  async resume(): Promise<void> {
    this.#process = this.#spawn();
    await this.#answers();
  }

  #spawn(): ChildProcess {
    return spawn('icecast2', ['-c', this.#file], { stdio: 'ignore', ...(isRoot() ? { uid: nobody, gid: nobody } : {}) });
  }

  async #answers(): Promise<void> {
    await eventually('icecast2 answers', () => fetch(`${this.url}/`).then(() => true, () => false));
  }

  /** Listeners of a mount; null when it is not there. */
  async listeners(mount: string): Promise<number | null> {
    const text = await (await fetch(`${this.url}/status-json.xsl`)).text();
    // With no source yet, icecast 2.4 forgets a brace.
    if (!text.startsWith('{"icestats":{')) return null;
    const { icestats } = JSON.parse(text) as { icestats: { source?: Source | Source[] } };
    const found = [icestats.source ?? []].flat().find(({ listenurl }) => listenurl.endsWith(mount));
    return found?.listeners ?? null;
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
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
