import type { InitFrame } from '@weir/media';
import { Cursor, joinPoint } from '@weir/ring';
import type { FrameRing, Join, Start } from '@weir/ring';

/** How a listener starts: what the head of the response needs, and its place. */
export interface Admission {
  readonly init: InitFrame;
  readonly cursor: Cursor;
  /** How far behind the newest frame it starts. */
  readonly behindMillis: number;
}

/** Called once; with null when nothing came in time, or the request was given up. */
export type OnAdmission = (admission: Admission | null) => void;

interface Waiter {
  readonly start: Start;
  readonly settle: OnAdmission;
}

/** Those who wait for a stream's first frame, before any header is sent. */
export class Waiting {
  readonly #waiters = new Set<Waiter>();

  get size(): number {
    return this.#waiters.size;
  }

  add(start: Start, timeoutMillis: number, signal: AbortSignal, settle: OnAdmission): void {
    const giveUp = (): void => waiter.settle(null);
    const waiter: Waiter = {
      start,
      settle: (admission) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
        this.#waiters.delete(waiter);
        settle(admission);
      },
    };
    const timer = setTimeout(giveUp, timeoutMillis);
    signal.addEventListener('abort', giveUp);
    this.#waiters.add(waiter);
  }

  /** Lets those start who can: they waited for all there is. The source has just begun, or this is the snapshot that was asked for. */
  admit(ring: FrameRing): void {
    for (const { start, settle } of this.#waiters) {
      const admission = admissionAt(ring, ring.tail, start);
      if (admission !== null) settle(admission);
    }
  }

  giveUp(): void {
    for (const { settle } of this.#waiters) settle(null);
  }
}

/** For a listener who comes now; null while the ring has no frame it may start at. */
export function admissionTo(ring: FrameRing, start: Start, join: Join): Admission | null {
  return startInit(ring, start) === null ? null : admissionAt(ring, joinPoint(ring, join), start);
}

function admissionAt(ring: FrameRing, index: number, start: Start): Admission | null {
  const init = startInit(ring, start);
  return init === null ? null : { init, cursor: new Cursor(index, start), behindMillis: ring.lagMillis(index) };
}

function startInit(ring: FrameRing, start: Start): InitFrame | null {
  return start.intra && ring.newestRandomAccess < 0 ? null : ring.init;
}
