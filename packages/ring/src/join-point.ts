import type { FrameRing } from './frame-ring.ts';

/** Where a new reader starts. */
export type Join =
  /** The next frame that arrives, whatever it is: the least delay, and gibberish until the next random access frame. */
  | { readonly mode: 'live' }
  /** The newest random access frame. */
  | { readonly mode: 'keyframe' }
  /** The newest random access frame that is at least this old, else the oldest there is. */
  | { readonly mode: 'behind'; readonly behindMillis: number };

/** The index a reader starts at; the head when the ring holds no random access frame yet. */
export function joinPoint(ring: FrameRing, join: Join): number {
  if (join.mode === 'live' || ring.newestRandomAccess < 0) return ring.head;
  if (join.mode === 'keyframe') return ring.newestRandomAccess;
  let point = ring.newestRandomAccess;
  for (let index = ring.head - 1; index >= ring.tail; index--) {
    if (ring.at(index).kind !== 'random-access') continue;
    point = index;
    if (ring.lagMillis(index) >= join.behindMillis) break;
  }
  return point;
}
