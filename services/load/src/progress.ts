import { plainProgressSeconds } from './limits.ts';
import { formatBitRate } from './quantity.ts';

/** How a run stands. */
export interface Standing {
  readonly elapsedSeconds: number;
  readonly listeners: number;
  readonly started: number;
  /** Get media right now, stalled ones included. */
  readonly receiving: number;
  readonly refused: number;
  readonly failed: number;
  readonly closed: number;
  /** Since the standing before. */
  readonly bitsPerSecond: number;
  readonly gaps: number;
}

/** Where progress is shown: standard error, as a rule. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** One line that overwrites itself on a terminal; elsewhere a line now and then. */
export class Progress {
  readonly #stream: ProgressStream;
  #shown = false;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
  }

  /** To be called once a second. */
  show(standing: Standing): void {
    const line = progressLine(standing);
    if (this.#stream.isTTY === true) {
      // Some terminals say that they have no columns.
      const columns = this.#stream.columns === undefined || this.#stream.columns < 1 ? 80 : this.#stream.columns;
      this.#stream.write(`\r${line.slice(0, columns - 1)}\x1b[K`);
      this.#shown = true;
    } else if (Math.round(standing.elapsedSeconds) % plainProgressSeconds === 0) this.#stream.write(`${line}\n`);
  }

  /** Leaves the line. */
  end(): void {
    if (this.#shown) this.#stream.write('\n');
    this.#shown = false;
  }
}

/** `12 s  1000 of 1000 started  998 receiving  2 refused  0 failed  0 closed  125 Mbit/s  0 gaps`. */
export function progressLine(standing: Standing): string {
  const { elapsedSeconds, started, listeners, receiving, refused, failed, closed, bitsPerSecond, gaps } = standing;
  return [
    `${Math.round(elapsedSeconds)} s`,
    ...(started < listeners ? [`${started} of ${listeners} started`] : []),
    `${receiving} receiving`,
    formatBitRate(bitsPerSecond),
    `${refused} refused`,
    `${failed} failed`,
    `${closed} closed`,
    `${gaps} gaps`,
  ].join('  ');
}
