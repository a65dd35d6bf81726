import type { PictureWish } from '@weir/wire';
import { pictureWidths } from '../limits.ts';

const ending = '/pic';

/** The stream's path, when a path asks for a picture of it: `<path of a stream>/pic`, and `/pic` for a stream at `/`. */
export function splitPicturePath(path: string): string | null {
  if (!path.endsWith(ending)) return null;
  return path.length === ending.length ? '/' : path.slice(0, -ending.length);
}

/**
 * Reads `?format=jpg|png`, `?quality=1..100` and `?width=`.
 *
 * @throws RangeError that names the parameter and its values
 */
export function readPictureQuery(query: URLSearchParams): PictureWish {
  const format = query.get('format') ?? 'jpg';
  if (format !== 'jpg' && format !== 'png') throw new RangeError('format must be jpg or png');
  const quality = readNumber(query.get('quality') ?? '85');
  if (quality < 1 || quality > 100) throw new RangeError('quality must be a number from 1 to 100');
  const asked = query.get('width');
  const width = asked === null ? null : readNumber(asked);
  if (width !== null && !pictureWidths.includes(width)) throw new RangeError(`width must be one of ${pictureWidths.join(', ')}`);
  return { format, quality, width };
}

function readNumber(text: string): number {
  return /^\d{1,5}$/.test(text) ? Number(text) : 0;
}
