/** Container formats, spelled as FFmpeg spells its muxers (`webm` and `matroska` are one framer, two MIME types). */
export type FormatName =
  | 'mpegts'
  | 'flv'
  | 'mp3'
  | 'adts'
  | 'ogg'
  | 'matroska'
  | 'webm'
  | 'mp4'
  | 'mpjpeg'
  | 'mjpeg'
  | 'wav'
  | 'flac'
  | 'raw';

/**
 * What a connected listener gets when the source starts again with another init.
 * - `continue`: the next random access frame; the container tolerates the change
 * - `chain`: the new init, then the next random access frame
 * - `resend`: the new init without the file header, then the next random access frame
 * - `close`: a clean end of the response, so that the player reconnects
 */
export type InitChange = 'continue' | 'chain' | 'resend' | 'close';

export interface Format {
  readonly name: FormatName;
  /** The MIME type when nothing more exact is known. */
  readonly contentType: string;
  /** File name extension for URLs and playlists, without the dot. */
  readonly extension: string;
  /** Other names users and encoders write: FFmpeg muxers and demuxers, extensions, MIME types. Lower case. */
  readonly aliases: readonly string[];
  readonly initChange: InitChange;
  /** ICY metadata may be interleaved for listeners who ask for it. */
  readonly icy: boolean;
  /** False where there is never a picture in it. */
  readonly video: boolean;
}

const table: readonly Format[] = [
  { name: 'mpegts', contentType: 'video/mp2t', extension: 'ts', aliases: ['ts', 'mpeg-ts', 'm2ts', 'video/mpeg'], initChange: 'continue', icy: false, video: true },
  { name: 'flv', contentType: 'video/x-flv', extension: 'flv', aliases: ['video/flv', 'live_flv'], initChange: 'resend', icy: false, video: true },
  { name: 'mp3', contentType: 'audio/mpeg', extension: 'mp3', aliases: ['mp2', 'mp1', 'mpga', 'audio/mp3', 'audio/x-mpeg', 'audio/x-mp3'], initChange: 'continue', icy: true, video: false },
  { name: 'adts', contentType: 'audio/aac', extension: 'aac', aliases: ['aac', 'audio/aacp', 'audio/x-aac'], initChange: 'continue', icy: true, video: false },
  { name: 'ogg', contentType: 'application/ogg', extension: 'ogg', aliases: ['oga', 'ogv', 'opus', 'spx', 'audio/ogg', 'video/ogg', 'audio/opus', 'application/x-ogg'], initChange: 'chain', icy: false, video: true },
  { name: 'matroska', contentType: 'video/x-matroska', extension: 'mkv', aliases: ['mkv', 'mka', 'audio/x-matroska', 'video/x-matroska-3d'], initChange: 'close', icy: false, video: true },
  { name: 'webm', contentType: 'video/webm', extension: 'webm', aliases: ['audio/webm'], initChange: 'close', icy: false, video: true },
  { name: 'mp4', contentType: 'video/mp4', extension: 'mp4', aliases: ['m4a', 'm4v', 'mov', 'fmp4', 'cmaf', 'ismv', 'audio/mp4', 'application/mp4'], initChange: 'close', icy: false, video: true },
  { name: 'mpjpeg', contentType: 'multipart/x-mixed-replace', extension: 'mjpg', aliases: ['mjpg', 'multipart/mixed'], initChange: 'close', icy: false, video: true },
  { name: 'mjpeg', contentType: 'video/x-motion-jpeg', extension: 'mjpeg', aliases: ['video/x-mjpeg', 'video/mjpeg', 'image/jpeg'], initChange: 'continue', icy: false, video: true },
  { name: 'wav', contentType: 'audio/wav', extension: 'wav', aliases: ['wave', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave'], initChange: 'close', icy: false, video: false },
  { name: 'flac', contentType: 'audio/flac', extension: 'flac', aliases: ['audio/x-flac'], initChange: 'close', icy: false, video: false },
  { name: 'raw', contentType: 'application/octet-stream', extension: 'bin', aliases: ['bytes', 'data'], initChange: 'continue', icy: false, video: false },
];

/** Every format weir knows, in the order of the documentation. */
export const formats: ReadonlyMap<FormatName, Format> = new Map(table.map((format) => [format.name, format]));

const byAlias = new Map<string, Format>();
for (const format of table) {
  for (const alias of [format.name, format.contentType, ...format.aliases]) byAlias.set(alias, format);
}

/** The format a name, an extension or a MIME type (parameters ignored) stands for; undefined when unknown. */
export function findFormat(word: string): Format | undefined {
  return byAlias.get((word.split(';', 1)[0] ?? '').trim().toLowerCase().replace(/^\./, ''));
}

/** The row of a known format. */
export function formatOf(name: FormatName): Format {
  const format = formats.get(name);
  if (format === undefined) throw new RangeError(`unknown format "${name}"`);
  return format;
}
