import type { FormatName } from '@weir/media';
import type { PictureWish } from '@weir/wire';

/** The quality that a picture has which comes as JPEG already: it is not decoded for this one. */
export const plainQuality = 85;

/**
 * Arguments for FFmpeg 4.1 or later: media on standard input, one picture on standard output. Nothing of a request stands in
 * them but checked numbers.
 *
 * The filter shows the last picture alone, whatever the time stamps say: they are counted anew, and all of them fall into the
 * first of `fps`'s slots of a million seconds, whose last picture goes out at the end of the input. Pixels come out square.
 *
 * @param pid the elementary stream of a transport stream; null for the first video
 */
export function pictureArguments(format: FormatName, pid: number | null, { format: image, quality, width }: PictureWish): string[] {
  const widthMax = width === null ? 'iw*sar' : `min(${width}\\,iw*sar)`;
  // JFIF: full range, the matrix of ITU-R BT.601.
  const colours = image === 'jpg' ? ':out_range=pc:out_color_matrix=bt601' : '';
  const filters = ['setpts=N', 'fps=fps=0.000001:round=down:eof_action=pass', `scale=w=${widthMax}:h=ow/dar${colours}`, 'setsar=1', ...(image === 'png' ? ['format=rgb24'] : [])];
  const codec = image === 'jpg' ? ['-c:v', 'mjpeg', '-qmin', '1', '-q:v', String(quantiser(quality))] : ['-c:v', 'png'];
  // A container must not lead the demuxer to files or addresses.
  const input = ['-protocol_whitelist', 'pipe', '-threads', '1', '-f', format === 'webm' ? 'matroska' : format, '-i', 'pipe:0'];
  const output = ['-map', pid === null ? '0:v:0' : `0:i:${pid}`, '-vf', filters.join(','), '-frames:v', '1', ...codec, '-f', 'image2pipe', 'pipe:1'];
  return ['-nostdin', '-hide_banner', '-loglevel', 'error', ...input, ...output];
}

/**
 * FFmpeg's quantiser for a libjpeg quality. libjpeg scales its tables to 5000/Q % up to 50 and (200 - 2Q) % above; 100 % of them
 * are about as coarse as FFmpeg's at 16.
 */
export function quantiser(quality: number): number {
  const percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  return Math.min(31, Math.max(1, Math.round((16 * percent) / 100)));
}
