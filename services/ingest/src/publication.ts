import type { Bus, Subscription } from '@weir/bus';
import type { StreamFrame } from '@weir/media';
import { comparePositions } from '@weir/media';
import { joinPoint } from '@weir/ring';
import { steadyMillis } from '@weir/subscriber';
import type { Logger } from '@weir/telemetry';
import { decodeSnapshotRequest, MessageWriter } from '@weir/wire';
import type { SnapshotRequest, Subjects } from '@weir/wire';
import type { DemandTable } from './demand-table.ts';
import { congestedMillis } from './limits.ts';
import { isOver } from './frame-source.ts';
import type { FrameSource } from './frame-source.ts';
import type { PictureDecoder } from './pictures/picture-decoder.ts';
import { StreamPictures } from './pictures/stream-pictures.ts';

const nothing = new Uint8Array(0);

/**
 * One stream on the bus: while an edge has listeners for it, it keeps its source running, publishes each frame once, and
 * answers snapshot and picture requests from the source's ring.
 */
export class Publication {
  readonly stream: string;
  readonly #source: FrameSource;
  readonly #bus: Bus;
  readonly #logger: Logger;
  readonly #demand: DemandTable;
  readonly #writer: MessageWriter;
  readonly #unsubscribe: () => void;
  readonly #snapshots: Subscription;
  readonly #pictures: StreamPictures;
  #index: number;
  #wanted = false;
  #congested = false;

  constructor(stream: string, source: FrameSource, demand: DemandTable, bus: Bus, subjects: Subjects, logger: Logger, decoder: PictureDecoder) {
    this.stream = stream;
    this.#demand = demand;
    this.#source = source;
    this.#bus = bus;
    this.#logger = logger.child(`stream ${stream}`);
    const subject = subjects.frames(stream);
    this.#writer = new MessageWriter((message) => void bus.frames.publish(subject, message));
    this.#index = source.ring.head;
    this.#unsubscribe = source.subscribe(() => this.#publish());
    this.#snapshots = bus.frames.subscribe(subjects.snapshot(stream), (payload, _, reply) => {
      const request = decodeSnapshotRequest(payload);
      if (request !== null && reply !== null) this.#answer(request, reply);
    });
    this.#pictures = new StreamPictures({ stream, source, decoder, channel: bus.frames, subject: subjects.picture(stream), logger: this.#logger });
    this.settle();
  }

  /** The demand may have changed. */
  settle(): void {
    if (this.#demand.wanted === this.#wanted) return;
    this.#wanted = this.#demand.wanted;
    this.#index = this.#source.ring.head;
    if (this.#wanted) this.#source.use(this);
    else this.#source.release(this);
  }

  close(): void {
    this.#snapshots.unsubscribe();
    this.#pictures.close();
    this.#unsubscribe();
    this.#source.release(this);
  }

  /** Publishes what is new in the ring, each read's frames together. */
  #publish(): void {
    const { ring } = this.#source;
    if (!this.#wanted) {
      this.#index = ring.head;
      return;
    }
    const lag = this.#bus.frames.lagMillis;
    if (lag > congestedMillis && !this.#congested) {
      this.#congested = true;
      this.#logger.warn('the bus does not keep up: frames are dropped to the next random access frame', { lagSeconds: Math.round(lag / 100) / 10 });
    }
    for (this.#index = Math.max(this.#index, ring.tail); this.#index < ring.head; this.#index++) {
      const frame = ring.at(this.#index);
      if (this.#congested && (frame.kind === 'delta' || lag > congestedMillis)) continue;
      this.#congested = false;
      this.#writer.add(frame);
    }
    this.#writer.flush();
  }

  /** Sends the init and the frames asked for, ended by an empty message. */
  #answer(request: SnapshotRequest, reply: string): void {
    const writer = new MessageWriter((message) => void this.#bus.frames.publish(reply, message));
    for (const frame of this.#snapshot(request)) writer.add(frame);
    writer.flush();
    this.#bus.frames.publish(reply, nothing);
  }

  #snapshot({ after, behindMillis }: SnapshotRequest): StreamFrame[] {
    const { ring } = this.#source;
    if (isOver(this.#source, steadyMillis())) return [];
    let index = joinPoint(ring, behindMillis > 0 ? { mode: 'behind', behindMillis } : { mode: 'keyframe' });
    if (after !== null) {
      for (let next = ring.tail; next < ring.head; next++) {
        const place = ring.at(next);
        if (place.epoch !== after.epoch || place.sequence !== after.sequence) continue;
        return range(next + 1);
      }
    }
    const init = ring.initAt(index);
    const frames = range(index);
    const context = [init, ring.title].flatMap((one) => (one !== null && frames.every((frame) => comparePositions(one, frame) < 0) ? one : []));
    return [...context.sort(comparePositions), ...frames];

    function range(from: number): StreamFrame[] {
      return Array.from({ length: ring.head - from }, (_, offset) => ring.at(from + offset));
    }
  }
}
