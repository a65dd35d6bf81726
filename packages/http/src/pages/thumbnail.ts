import type { StreamStatus } from '@weir/telemetry';
import { hrefOf } from './href.ts';

/** A thumbnail is fetched again after this long. */
const periodSeconds = 30;
/** Neighbours are fetched so many seconds apart, so that a page does not ask for all at once. */
const staggerSeconds = 7;

/**
 * The link to a small picture of now; null where there is none, for what is not live (looking at a page wakes nothing), and for what
 * not everybody may see (looking at a page asks nobody for a password). It is
 * another link every 30 seconds of `time` (ISO 8601), which is how a page that is kept fresh gets a new picture.
 *
 * @param width one of the widths that pictures come in
 * @param index of the stream on its page
 */
export function thumbnailHref({ picture, mood, protected: limited }: Pick<StreamStatus, 'picture' | 'mood' | 'protected'>, width: number, index: number, time: string): string | null {
  if (picture === null || mood !== 'happy' || limited === true) return null;
  const turn = Math.floor((Date.parse(time) / 1000 + index * staggerSeconds) / periodSeconds);
  return `${hrefOf(picture)}?width=${width}&quality=70&wake=0&turn=${Number.isFinite(turn) ? turn : 0}`;
}
