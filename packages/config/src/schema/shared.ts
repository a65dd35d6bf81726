import { duration } from './duration.ts';
import { size } from './size.ts';
import { format, oneOrMore, word } from './text.ts';
import type * as z from 'zod';
import type { FormatName } from '@weir/media';

/** A key that feeds and streams have in common: a stream's default is its feed's value. */
interface SharedKey<Output, Input> {
  readonly type: z.ZodType<Output, Input>;
  readonly description: string;
}

export const stall: SharedKey<number, string | number> = {
  type: duration({ positive: true }),
  description: 'No bytes, or media time that stands still, for this long: the process is killed and started again.',
};

export const startTimeout: SharedKey<number, string | number> = {
  type: duration({ positive: true }),
  description: "How long a listener's request is held for the first frame before it is answered 503.",
};

export const grace: SharedKey<number, string | number> = {
  type: duration({ positive: false }),
  description: 'How long listeners stay connected while there is no source; 0 closes them at once.',
};

export const containerFormat: SharedKey<FormatName, string> = {
  type: format,
  description: "The container format, by FFmpeg's name or a file name extension. Default: recognised from the first bytes.",
};

/** A block larger than a framer keeps as one frame is a slip of the unit. */
export const blockBytes: SharedKey<number, string | number> = {
  type: size(16 * 1024 * 1024, '16MiB'),
  description: 'With format: raw, the size of a block (a sample of all channels, a record): it is cut nowhere else. Default: 1.',
};

export const fallback: SharedKey<readonly (string | number | boolean)[], unknown> = {
  type: oneOrMore(word),
  description: 'Feeds of the same format, or files, that take the place of the feed while it gives nothing: the first of them that gives something.',
};
