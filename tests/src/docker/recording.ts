import { get } from 'node:http';
import type { ClientRequest } from 'node:http';

/** A listener that keeps what it gets. */
export class Recording {
  readonly #request: ClientRequest;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #playing = true;

  constructor(url: string) {
    const ended = (): void => void (this.#playing = false);
    this.#request = get(url, { agent: false }, (response) => {
      response.on('data', (chunk: Buffer) => {
        this.#chunks.push(chunk);
        this.#bytes += chunk.length;
      });
      // An end without the last chunk is an error of the response's.
      response.once('error', ended).once('close', ended);
    });
    this.#request.once('error', ended);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** False once the connection has ended. */
  get playing(): boolean {
    return this.#playing;
  }

  /** Everything so far. */
  content(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  stop(): void {
    this.#request.destroy();
  }
}

/** Bytes that two recordings of one stream have in common from `from` of `b` on; they may begin and end apart, but not differ between. */
export function commonBytes(a: Buffer, b: Buffer, from: number): number {
  const anchor = b.subarray(from, from + 1880);
  const start = a.indexOf(anchor);
  if (start < 0) return 0;
  const length = Math.min(a.length - start, b.length - from);
  return a.subarray(start, start + length).equals(b.subarray(from, from + length)) ? length : 0;
}
