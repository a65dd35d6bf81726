import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { eventually } from '../support/eventually.ts';
import type { Fleet } from './fleet.ts';

/** A real player that decodes what it gets, and asks once. */
class Decoder {
  readonly edge: number;
  readonly path: string;
  frames = 0;
  complaints = '';
  readonly #process: ChildProcess;

  constructor(url: string, edge: number, path: string) {
    [this.edge, this.path] = [edge, path];
    // Every frame counts, those too whose time is before that of the last, as when a source begins anew.
    const child = spawn('ffmpeg', ['-nostdin', '-v', 'error', '-i', `${url}${path}`, '-map', '0', '-fps_mode', 'passthrough', '-f', 'framecrc', '-'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (lines: Buffer) => (this.frames += lines.toString('latin1').split('\n').length - 1));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.complaints = (this.complaints + text).slice(-2000)));
    this.#process = child;
  }

  get running(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  async end(): Promise<void> {
    if (!this.running) return;
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await gone;
  }
}

/** One real ffmpeg for each stream, spread over the edges, through one scenario. */
export class Decoders {
  readonly #decoders: readonly Decoder[];

  private constructor(decoders: readonly Decoder[]) {
    this.#decoders = decoders;
  }

  /** Resolves when all decode, or will not. */
  static async begin({ streams, edgeUrls }: Fleet): Promise<Decoders> {
    const decoders = new Decoders(streams.map(({ path }, index) => new Decoder(edgeUrls[index % edgeUrls.length] ?? '', index % edgeUrls.length, path)));
    await decoders.goOn([], 'before the fault');
    return decoders;
  }

  get count(): number {
    return this.#decoders.length;
  }

  get running(): number {
    return this.#decoders.filter(({ running }) => running).length;
  }

  /** Until each decodes what it did not have yet, those at the given edges aside; gives those that do not. */
  async goOn(edgesAside: readonly number[], when: string): Promise<readonly string[]> {
    const before = this.#decoders.map(({ frames }) => frames);
    const late = (): readonly Decoder[] => this.#decoders.filter(({ frames, edge }, index) => frames < (before[index] ?? 0) + 3 && !edgesAside.includes(edge));
    const done = await eventually(`all decode ${when}`, () => late().length === 0 || late().some(({ running }) => !running), 30_000).then(() => true, () => false);
    return done && late().length === 0 ? [] : late().map(({ path, running, complaints }) => `${path} ${running ? 'decodes nothing' : 'has ended'}${complaints === '' ? '' : ` (${complaints.trim().split('\n').at(-1)})`}`);
  }

  async end(): Promise<void> {
    await Promise.all(this.#decoders.map((decoder) => decoder.end()));
  }
}
