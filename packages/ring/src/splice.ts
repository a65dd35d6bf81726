import type { InitFrame } from '@weir/media';
import { formatOf, sameInit } from '@weir/media';

/** What goes in front of the random access frame where a reader starts or goes on; null: it cannot go on. */
export type Splice = Uint8Array | null;

const nothing = new Uint8Array(0);

/** FLV file header and the PreviousTagSize0 after it (Adobe Flash Video File Format 10.1, Annex E.2 and E.3). */
const flvFileHeaderBytes = 13;

/**
 * How a reader that has `before` (null: it has had nothing) goes on in a stream whose init is now `after`.
 * What each container tolerates is its row in the format table.
 */
export function spliceInit(before: InitFrame | null, after: InitFrame): Splice {
  if (before === null) return after.payload;
  if (before === after || sameInit(before, after)) return nothing;
  if (before.format !== after.format) return null;
  switch (formatOf(after.format).initChange) {
    case 'continue':
    case 'chain':
      return after.payload;
    case 'resend':
      return after.payload.subarray(flvFileHeaderBytes);
    case 'close':
      return null;
  }
}
