import type { FrameRing } from '@weir/ring';
import type { ProducerState } from './producer-state.ts';

/** Whatever frames come from: a feed, an encoder, or a feed with its fallbacks. It runs while somebody uses it. */
export interface FrameSource {
  readonly name: string;
  readonly ring: FrameRing;
  readonly mood: ProducerState['mood'];
  /** Keeps it running for `user` until {@link release}; safe to repeat. */
  use(user: object): void;
  release(user: object): void;
  /** Calls `onFrames` after each read that gave frames; returns how to stop that. */
  subscribe(onFrames: () => void): () => void;
}
