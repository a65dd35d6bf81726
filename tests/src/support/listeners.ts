import { get } from 'node:http';
import type { ClientRequest } from 'node:http';

/** A client that stays and counts what it gets. */
export class StayingListener {
  bytes = 0;
  ended = false;
  /** The longest time without a byte, since {@link listen} or {@link forget}. */
  silenceMillis = 0;
  #lastMillis = performance.now();
  readonly #request: ClientRequest;

  private constructor(url: string) {
    this.#request = get(url, { agent: false }, (response) => {
      response.on('data', (bytes: Buffer) => this.#take(bytes)).on('close', () => (this.ended = true));
    });
    this.#request.on('error', () => (this.ended = true));
  }

  static listen(url: string): StayingListener {
    return new StayingListener(url);
  }

  /** The silence so far counts no more. */
  forget(): void {
    this.silenceMillis = 0;
    this.#lastMillis = performance.now();
  }

  leave(): void {
    this.#request.destroy();
  }

  #take(bytes: Buffer): void {
    const now = performance.now();
    this.bytes += bytes.length;
    this.silenceMillis = Math.max(this.silenceMillis, now - this.#lastMillis);
    this.#lastMillis = now;
  }
}
