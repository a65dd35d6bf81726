import type { FrameRing } from '@weir/ring';
import { historyMillis } from './limits.ts';
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

/**
 * True when what a source gave before it failed is too old to show: for a while it may be back at once.
 *
 * @param nowMillis of `steadyMillis`
 */
export function isOver({ ring, mood }: FrameSource, nowMillis: number): boolean {
  const failed = mood === 'sad' || mood === 'waking';
  return failed && nowMillis - (ring.newest?.capturedMillis ?? 0) > historyMillis;
}
