import { Cursor, readAhead } from '@weir/ring';
import type { FrameRing } from '@weir/ring';
import type { Framing } from './framing.ts';
import { writeBytesMax } from './limits.ts';

/** What one pass reads from one place, made once and written to every listener who stands there. */
export interface SharedRead {
  readonly from: number;
  readonly epoch: number;
  readonly after: Cursor;
  readonly parts: readonly Uint8Array[];
  readonly bytes: number;
  readonly framed: Partial<Record<Framing, Uint8Array>>;
}

/** Reads on from a cursor, and leaves it where it is. */
export function readShared(ring: FrameRing, cursor: Cursor): SharedRead {
  const after = new Cursor(cursor.index, cursor.start);
  after.follow(cursor);
  const parts: Uint8Array[] = [];
  const bytes = readAhead(ring, after, writeBytesMax, parts);
  return { from: cursor.index, epoch: cursor.epoch, after, parts, bytes, framed: {} };
}
