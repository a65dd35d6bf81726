import { setTimeout as pause } from 'node:timers/promises';
import type { Channel, Subscription } from '@weir/bus';
import { configuredName } from '@weir/config';
import { carriesVideo } from '@weir/framers';
import { steadyMillis } from '@weir/subscriber';
import { FailureLog } from '@weir/supervisor';
import type { Logger } from '@weir/telemetry';
import { decodePictureRequest, encodePictureReply, wishName } from '@weir/wire';
import type { PictureReply, PictureRequest, PictureWish } from '@weir/wire';
import { isOver } from '../frame-source.ts';
import type { FrameSource } from '../frame-source.ts';
import { pictureHoldMillisMax, pictureKeptMillis, pictureKindsMax, pictureLookMillis } from '../limits.ts';
import { newestGroup } from './newest-group.ts';
import type { NewestGroup } from './newest-group.ts';
import { plainQuality } from './picture-command.ts';
import type { PictureDecoder } from './picture-decoder.ts';

/** What pictures of a stream are made of, and where they are asked for. */
export interface StreamPicturesOptions {
  readonly stream: string;
  readonly source: FrameSource;
  readonly decoder: PictureDecoder;
  readonly channel: Channel;
  readonly subject: string;
  readonly logger: Logger;
}

const nothing = new Uint8Array(0);

/**
 * Answers requests for the newest picture of a stream. However many ask for the same kind of picture at a time, it is taken once; and
 * it is kept while nothing newer has come.
 */
export class StreamPictures {
  readonly #options: StreamPicturesOptions;
  readonly #subscription: Subscription;
  /** By the wish's name. */
  readonly #underWay = new Map<string, Promise<PictureReply>>();
  /** Of one frame, by the wish's name. */
  readonly #kept = new Map<string, PictureReply>();
  #keptShown = '';
  #keptTimer: NodeJS.Timeout | undefined;
  readonly #failures = new FailureLog();
  #closed = false;

  constructor(options: StreamPicturesOptions) {
    this.#options = options;
    this.#subscription = options.channel.subscribe(options.subject, (payload, _, reply) => {
      const request = decodePictureRequest(payload);
      if (request !== null && reply !== null) void this.#answer(request, reply);
    });
  }

  close(): void {
    this.#closed = true;
    this.#subscription.unsubscribe();
    clearTimeout(this.#keptTimer);
    this.#kept.clear();
  }

  async #answer(request: PictureRequest, to: string): Promise<void> {
    const reply = await this.#shared(request);
    if (this.#closed) return;
    for (const message of encodePictureReply(reply)) this.#options.channel.publish(to, message);
    this.#options.channel.publish(to, nothing);
  }

  #shared(request: PictureRequest): Promise<PictureReply> {
    const name = wishName(request);
    const known = this.#underWay.get(name);
    if (known !== undefined) {
      this.#count('shared');
      return known;
    }
    if (this.#underWay.size >= pictureKindsMax) return Promise.resolve(this.#none('busy'));
    const taking = this.#take(request, name).finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, taking);
    return taking;
  }

  async #take(request: PictureRequest, name: string): Promise<PictureReply> {
    const group = await this.#group(Math.min(request.waitMillis, pictureHoldMillisMax));
    if (typeof group === 'string') return this.#none(group);
    const kept = this.#keptShown === group.shown ? this.#kept.get(name) : undefined;
    if (kept !== undefined) {
      this.#count('shared');
      return kept;
    }
    const reply = await this.#makeOf(group, request);
    if (reply.kind === 'picture' || reply.reason === 'failed') this.#keep(group.shown, name, reply);
    return reply;
  }

  /** Waits for the first whole picture, but not for longer than this. */
  async #group(waitMillis: number): Promise<NewestGroup | 'no-video' | 'not-yet'> {
    const { source } = this.#options;
    const deadline = performance.now() + waitMillis;
    while (!this.#closed) {
      const { init } = source.ring;
      if (init !== null && !carriesVideo(init)) return 'no-video';
      const group = source.mood === 'ended' || isOver(source, steadyMillis()) ? null : newestGroup(source.ring, steadyMillis());
      if (group !== null) return group;
      if (performance.now() >= deadline) break;
      await pause(pictureLookMillis);
    }
    return 'not-yet';
  }

  async #makeOf(group: NewestGroup, wish: PictureWish): Promise<PictureReply> {
    const { decoder, logger } = this.#options;
    const { shown } = group;
    const [bytes] = group.parts;
    if (group.format === 'mjpeg' && bytes !== undefined && wish.format === 'jpg' && wish.quality === plainQuality && wish.width === null) {
      this.#count('copied');
      return { kind: 'picture', contentType: 'image/jpeg', shown, bytes };
    }
    const decoding = await decoder.decode(group, wish);
    if (decoding.kind === 'picture') {
      this.#count('decoded');
      return { kind: 'picture', contentType: wish.format === 'jpg' ? 'image/jpeg' : 'image/png', shown, bytes: decoding.bytes };
    }
    const line = decoding.reason === 'failed' ? this.#failures.failed(decoding.description, performance.now()) : null;
    if (line !== null) logger.warn('no picture', { reason: line });
    return this.#none(decoding.reason);
  }

  #keep(shown: string, name: string, reply: PictureReply): void {
    if (this.#closed) return;
    if (shown !== this.#keptShown || this.#kept.size >= pictureKindsMax) this.#kept.clear();
    this.#keptShown = shown;
    this.#kept.set(name, reply);
    clearTimeout(this.#keptTimer);
    this.#keptTimer = setTimeout(() => this.#kept.clear(), pictureKeptMillis);
  }

  #none(reason: Exclude<PictureReply, { kind: 'picture' }>['reason']): PictureReply {
    this.#count(reason);
    return { kind: 'none', reason };
  }

  #count(result: string): void {
    this.#options.decoder.taken.add({ stream: configuredName(this.#options.stream), result });
  }
}
