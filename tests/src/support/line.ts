import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

/**
 * - `open`: bytes pass
 * - `cut`: every connection is reset, and each new one at once
 * - `refused`: every connection is reset, and nobody listens
 * - `stalled`: connections stay, new ones are taken, and no byte passes, as with a firewall that drops packets
 * - `slow`: so many bytes a second pass, each way of each connection
 */
export type LineState = { readonly is: 'open' | 'cut' | 'refused' | 'stalled' } | { readonly is: 'slow'; readonly bytesPerSecond: number };

/** One direction of a connection. */
interface Way {
  readonly from: Socket;
  readonly to: Socket;
  /** Waits for its turn on a slow line. */
  waiting: NodeJS.Timeout | null;
}

/** The way to a TCP server on this machine, which can be disturbed. */
export class Line {
  readonly port: number;
  readonly #to: number;
  readonly #ways = new Set<Way>();
  #server: Server | null = null;
  #state: LineState = { is: 'open' };

  /**
   * @param port where it is entered
   * @param to where it leads
   */
  constructor(port: number, to: number) {
    this.port = port;
    this.#to = to;
    this.#listen();
  }

  cut(): void {
    this.set({ is: 'cut' });
  }

  mend(): void {
    this.set({ is: 'open' });
  }

  set(state: LineState): void {
    this.#state = state;
    if (state.is === 'cut' || state.is === 'refused') this.#reset();
    if (state.is === 'refused') this.#deafen();
    else if (this.#server === null) this.#listen();
    for (const way of this.#ways) {
      if (state.is === 'stalled') way.from.pause();
      else go(way);
    }
  }

  close(): void {
    this.#state = { is: 'refused' };
    this.#reset();
    this.#deafen();
  }

  #listen(): void {
    this.#server = createServer((near) => this.#connect(near)).listen(this.port, '127.0.0.1');
  }

  #deafen(): void {
    this.#server?.close();
    this.#server = null;
  }

  #reset(): void {
    for (const { from } of this.#ways) from.destroy();
  }

  #connect(near: Socket): void {
    near.on('error', () => {});
    if (this.#state.is === 'cut' || this.#state.is === 'refused') {
      near.destroy();
      return;
    }
    const far = connect(this.#to, '127.0.0.1');
    for (const [from, to] of [[near, far], [far, near]] as const) {
      const way: Way = { from, to, waiting: null };
      this.#ways.add(way);
      from.on('data', (bytes: Buffer) => this.#pass(way, bytes));
      to.on('drain', () => this.#state.is !== 'stalled' && go(way));
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => {
        if (way.waiting !== null) clearTimeout(way.waiting);
        this.#ways.delete(way);
        to.destroy();
      });
      if (this.#state.is === 'stalled') from.pause();
    }
  }

  #pass(way: Way, bytes: Buffer): void {
    if (!way.to.write(bytes)) way.from.pause();
    if (this.#state.is !== 'slow') return;
    way.from.pause();
    way.waiting = setTimeout(() => {
      way.waiting = null;
      if (this.#state.is !== 'stalled') go(way);
    }, (bytes.length / this.#state.bytesPerSecond) * 1000);
  }
}

function go({ from, to, waiting }: Way): void {
  if (waiting === null && !to.writableNeedDrain) from.resume();
}
