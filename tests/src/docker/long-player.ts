import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

/** A real ffmpeg that plays a URL until it is stopped, decoding everything. */
export class LongPlayer {
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  #frames = 0;
  #said = '';
  #playing = true;

  constructor(url: string) {
    const argv = ['-nostdin', '-hide_banner', '-v', 'error', '-i', url, '-map', '0', '-flush_packets', '1', '-f', 'framecrc', '-'];
    this.#process = spawn('ffmpeg', argv, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process.stdout?.setEncoding('latin1').on('data', (text: string) => (this.#frames += text.split('\n').length - 1));
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#said = `${this.#said}${text}`.slice(-2000)));
    this.#ended = new Promise((resolve) =>
      this.#process.once('close', () => {
        this.#playing = false;
        resolve();
      }),
    );
  }

  /** Frames decoded so far, of all kinds. */
  get frames(): number {
    return this.#frames;
  }

  /** False once ffmpeg has ended, by itself or by {@link stop}. */
  get playing(): boolean {
    return this.#playing;
  }

  /** The last that ffmpeg complained of. */
  get said(): string {
    return this.#said;
  }

  async stop(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
  }
}
