import { setTimeout as pause } from 'node:timers/promises';
import { BusError } from '@weir/bus';
import type { Bus } from '@weir/bus';
import { decodePictureReply, encodePictureRequest, wishName } from '@weir/wire';
import type { PictureReply, PictureWish, Subjects } from '@weir/wire';
import type { Demands } from '@weir/subscriber';
import { pictureBytesMax, pictureHoldMillis, pictureKindsMax, pictureRetryMillis, pictureTimeoutMillis } from '../limits.ts';

/** Of which stream, and over which bus. */
export interface PictureRequestsOptions {
  readonly stream: string;
  readonly bus: Bus;
  readonly subjects: Subjects;
  readonly demands: Demands;
}

/** One question, and how many clients wait for its answer. */
interface Asking {
  readonly reply: Promise<PictureReply>;
  readonly given: AbortController;
  clients: number;
}

const notYet: PictureReply = { kind: 'none', reason: 'not-yet' };

/**
 * Asks the owner of a stream for pictures, wherever it is: a stream that sleeps wakes, as for a listener, and may sleep
 * again when the picture is there. Clients who ask for the same kind of picture at the same time share one question.
 */
export class PictureRequests {
  readonly #options: PictureRequestsOptions;
  /** By the wish's name, and whether it may wake. */
  readonly #asking = new Map<string, Asking>();

  constructor(options: PictureRequestsOptions) {
    this.#options = options;
  }

  /**
   * `not-yet` when `waitMillis` have passed without a frame; null asks once, and wakes nothing. Never rejects. `gone`: the client
   * does not wait any more.
   */
  async take(wish: PictureWish, waitMillis: number | null, gone: AbortSignal): Promise<PictureReply> {
    const name = wishName(wish) + (waitMillis === null ? ' of what runs' : '');
    let asking = this.#asking.get(name);
    if (asking === undefined) {
      if (this.#asking.size >= pictureKindsMax) return { kind: 'none', reason: 'busy' };
      asking = this.#begin(name, wish, waitMillis);
    }
    const { given, reply } = asking;
    asking.clients++;
    const leave = (): void => {
      if (--asking.clients > 0) return;
      this.#asking.delete(name);
      given.abort();
    };
    gone.addEventListener('abort', leave, { once: true });
    try {
      return await reply;
    } finally {
      gone.removeEventListener('abort', leave);
    }
  }

  /** Nobody gets an answer any more. */
  close(): void {
    for (const { given } of this.#asking.values()) given.abort();
    this.#asking.clear();
  }

  #begin(name: string, wish: PictureWish, waitMillis: number | null): Asking {
    const given = new AbortController();
    const answer = waitMillis === null ? this.#askOnce(wish, pictureHoldMillis) : this.#ask(wish, waitMillis, given.signal);
    const reply = answer.then((value) => value ?? notYet).finally(() => {
      if (this.#asking.get(name) === asking) this.#asking.delete(name);
    });
    const asking: Asking = { reply, given, clients: 0 };
    this.#asking.set(name, asking);
    return asking;
  }

  async #ask(wish: PictureWish, waitMillis: number, givenUp: AbortSignal): Promise<PictureReply> {
    const { demands, stream } = this.#options;
    const release = demands.hold(stream);
    const deadline = performance.now() + waitMillis;
    let pauseMillis: number = pictureRetryMillis.first;
    try {
      while (!givenUp.aborted) {
        const leftMillis = deadline - performance.now();
        if (leftMillis <= 0) break;
        const reply = await this.#askOnce(wish, Math.min(leftMillis, pictureHoldMillis));
        if (reply !== null && (reply.kind === 'picture' || reply.reason !== 'not-yet')) return reply;
        if (reply !== null) continue;
        await pause(Math.min(pauseMillis, leftMillis), undefined, { signal: givenUp }).catch(() => {});
        pauseMillis = Math.min(pauseMillis * 2, pictureRetryMillis.last);
      }
      return notYet;
    } finally {
      release();
    }
  }

  /** Null when nobody owns the stream yet, or the answer was lost. */
  async #askOnce(wish: PictureWish, holdMillis: number): Promise<PictureReply | null> {
    const { bus, subjects, stream } = this.#options;
    const request = encodePictureRequest({ ...wish, waitMillis: Math.ceil(holdMillis) });
    try {
      const limits = { timeoutMillis: holdMillis + pictureTimeoutMillis, bytesMax: pictureBytesMax };
      return decodePictureReply(await bus.frames.collect(subjects.picture(stream), request, limits));
    } catch (error) {
      if (error instanceof BusError) return null;
      throw error;
    }
  }
}
