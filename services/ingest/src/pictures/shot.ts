import { setTimeout as pause } from 'node:timers/promises';
import type { Channel, Subscription } from '@weir/bus';
import { configuredName } from '@weir/config';
import { steadyMillis } from '@weir/subscriber';
import { FailureLog } from '@weir/supervisor';
import type { Logger } from '@weir/telemetry';
import { decodePictureRequest, encodePictureReply } from '@weir/wire';
import type { PictureReply } from '@weir/wire';
import type { DemandTable } from '../demand-table.ts';
import { isOver } from '../frame-source.ts';
import type { FrameSource } from '../frame-source.ts';
import { pictureBytesMax, pictureHoldMillisMax, pictureLookMillis, shotMillis } from '../limits.ts';
import type { OpenSource, Source, SourceEnd } from '../source.ts';
import { imageType } from './image-type.ts';
import type { PictureDecoder } from './picture-decoder.ts';

/** What pictures are made of, by which command, and where they are asked for. */
export interface ShotOptions {
  readonly stream: string;
  readonly parents: readonly FrameSource[];
  /** Starts the command, which reads the parents from their newest random access frames on. */
  readonly open: OpenSource;
  readonly demand: DemandTable;
  readonly decoder: PictureDecoder;
  readonly channel: Channel;
  readonly subject: string;
  readonly logger: Logger;
}

const nothing = new Uint8Array(0);

/**
 * A stream of type `shot` on the bus: answers requests with what its command prints. However many ask at a time, it runs once; its
 * feeds run while an edge wants it.
 */
export class Shot {
  readonly #options: ShotOptions;
  readonly #subscription: Subscription;
  readonly #failures = new FailureLog();
  #underWay: Promise<PictureReply> | null = null;
  #running: Source | null = null;
  #shots = 0;
  #closed = false;

  constructor(options: ShotOptions) {
    this.#options = options;
    this.#subscription = options.channel.subscribe(options.subject, (payload, _, reply) => {
      const request = decodePictureRequest(payload);
      if (request !== null && reply !== null) void this.#answer(request.waitMillis, reply);
    });
    this.settle();
  }

  /** The demand may have changed. */
  settle(): void {
    const { demand, parents } = this.#options;
    for (const parent of parents) {
      if (demand.wanted) parent.use(this);
      else parent.release(this);
    }
  }

  close(): void {
    this.#closed = true;
    this.#subscription.unsubscribe();
    this.#running?.stop('the stream is no longer published here');
    for (const parent of this.#options.parents) parent.release(this);
  }

  async #answer(waitMillis: number, to: string): Promise<void> {
    this.#underWay ??= this.#take(waitMillis).finally(() => (this.#underWay = null));
    const reply = await this.#underWay;
    const { channel, decoder, stream } = this.#options;
    decoder.taken.add({ stream: configuredName(stream), result: reply.kind === 'picture' ? 'printed' : reply.reason });
    if (this.#closed) return;
    for (const message of encodePictureReply(reply)) channel.publish(to, message);
    channel.publish(to, nothing);
  }

  async #take(waitMillis: number): Promise<PictureReply> {
    const { decoder, parents } = this.#options;
    const deadline = performance.now() + Math.min(waitMillis, pictureHoldMillisMax);
    while (!parents.every((parent) => hasMedia(parent))) {
      if (this.#closed || performance.now() >= deadline) return { kind: 'none', reason: 'not-yet' };
      await pause(pictureLookMillis);
    }
    return (await decoder.inTurn(() => this.#shoot())) ?? { kind: 'none', reason: 'busy' };
  }

  async #shoot(): Promise<PictureReply> {
    const { open, logger } = this.#options;
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    const end = await new Promise<SourceEnd>((resolve) => {
      const source = open({
        leadMillis: 0,
        onFormat: () => {},
        onTitle: () => {},
        onBytes: (chunk) => {
          bytes += chunk.length;
          if (bytes > pictureBytesMax) source.stop(`its picture is larger than ${pictureBytesMax} bytes`);
          else chunks.push(chunk);
        },
        onEnd: (ended) => {
          clearTimeout(timer);
          resolve(ended);
        },
      });
      const timer = setTimeout(() => source.stop(`it printed no picture within ${shotMillis / 1000} s`), shotMillis);
      this.#running = source;
    });
    this.#running = null;
    if (end.kind === 'finished' && bytes > 0) {
      const picture = Buffer.concat(chunks);
      return { kind: 'picture', contentType: imageType(picture), shown: `${process.pid}.${Date.now()}.${++this.#shots}`, bytes: picture };
    }
    const line = this.#failures.failed(end.kind === 'finished' ? 'it printed nothing' : end.description, performance.now());
    if (line !== null && !this.#closed) logger.warn('no picture', { reason: line });
    return { kind: 'none', reason: 'failed' };
  }
}

function hasMedia(parent: FrameSource): boolean {
  return parent.mood !== 'ended' && parent.ring.newestRandomAccess >= 0 && !isOver(parent, steadyMillis());
}
