import { relayProbeBytes, relayProbeMillis } from '../limits.ts';
import type { OpenSource, Source } from '../source.ts';

/** Looks whether a source gives media, and lets go of it. */
export class Probe {
  readonly #source: Source;
  readonly #timer: NodeJS.Timeout;
  #bytes = 0;
  #over = false;

  /** @param onLooked called once, unless {@link stop} is called before */
  constructor(open: OpenSource, onLooked: (givesMedia: boolean, description: string) => void) {
    const finish = (givesMedia: boolean, description: string): void => {
      if (this.#over) return;
      this.stop();
      onLooked(givesMedia, description);
    };
    this.#timer = setTimeout(() => finish(false, `gave ${this.#bytes} bytes in ${relayProbeMillis / 1000} s`), relayProbeMillis);
    this.#source = open({
      leadMillis: 0,
      onFormat: () => {},
      onTitle: () => {},
      onBytes: ({ length }) => {
        this.#bytes += length;
        if (this.#bytes >= relayProbeBytes) finish(true, `gave ${this.#bytes} bytes`);
      },
      onEnd: ({ description }) => finish(false, description),
    });
  }

  /** Ends it at once; nothing is told. */
  stop(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#source.stop('it was looked at');
  }
}
