import type { Activity } from '@weir/config';
import type { FormatName } from '@weir/media';
import type { Logger } from '@weir/telemetry';
import type { ProducerName } from '@weir/wire';
import type { Epochs } from './epochs.ts';
import type { FrameSource } from './frame-source.ts';
import type { OpenSource } from './source.ts';

/** What a feed or an encoder is to be. */
export interface ProducerOptions {
  readonly name: string;
  readonly kind: 'feed' | 'encoder';
  readonly active: Activity;
  readonly restart: boolean;
  /** The longest wait before a failed run is started again. */
  readonly restartMillisMax: number;
  readonly stallMillis: number;
  readonly onEnd: 'restart' | 'end' | 'loop';
  /** Null: recognised. */
  readonly format: FormatName | null;
  readonly blockBytes: number;
  /** Null: the first with picture or sound. */
  readonly program: number | null;
  /** What its source reads from; used while it runs. */
  readonly parents: readonly FrameSource[];
  /** What starts a run: that somebody uses it, or that its source comes by itself (`Producer.arrive`). */
  readonly starts: 'when-used' | 'on-arrival';
  readonly open: OpenSource;
}

/** What all producers of an ingest share. */
export interface ProducerSurroundings {
  readonly owner: string;
  readonly epochs: Epochs;
  readonly logger: Logger;
  /** Whether an administrator has stopped it. */
  readonly isStopped: (producer: ProducerName) => boolean;
  /** Told when the source has ended for good and every frame of it is in the ring. */
  readonly onEnded: (name: string) => void;
}
