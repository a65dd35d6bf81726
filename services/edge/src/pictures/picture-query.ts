import type { PictureWish } from '@weir/wire';
import { pictureWidths } from '../limits.ts';

const ending = '/pic';

/** The stream's path, when a path asks for a picture of it: `<path of a stream>/pic`, and `/pic` for a stream at `/`. */
export function splitPicturePath(path: string): string | null {
  if (!path.endsWith(ending)) return null;
  return path.length === ending.length ? '/' : path.slice(0, -ending.length);
}

/** What a client asks for. */
export interface PictureDemand {
  readonly wish: PictureWish;
  /** False: a picture is taken only of what runs, and makes nothing run. */
  readonly wake: boolean;
}

/**
 * Reads `?format=jpg|png`, `?quality=1..100`, `?width=` and `?wake=0|1`.
 *
 * @throws RangeError that names the parameter and its values
 */
export function readPictureQuery(query: URLSearchParams): PictureDemand {
  const format = query.get('format') ?? 'jpg';
  if (format !== 'jpg' && format !== 'png') throw new RangeError('format must be jpg or png');
  const quality = readNumber(query.get('quality') ?? '85');
  if (quality < 1 || quality > 100) throw new RangeError('quality must be a number from 1 to 100');
  const asked = query.get('width');
  const width = asked === null ? null : readNumber(asked);
  if (width !== null && !pictureWidths.includes(width)) throw new RangeError(`width must be one of ${pictureWidths.join(', ')}`);
  const wake = query.get('wake') ?? '1';
  if (wake !== '0' && wake !== '1') throw new RangeError('wake must be 0 or 1');
  return { wish: { format, quality, width }, wake: wake === '1' };
}

function readNumber(text: string): number {
  return /^\d{1,5}$/.test(text) ? Number(text) : 0;
}
