/** Every bound of the framers. What exceeds one is skipped and counted, never kept. */

/** Bytes looked at before a format is given up as unknown: a large ID3 tag still fits. */
export const recogniseBytesMax: number = 64 * 1024;

/** Bytes of one frame: an intra picture of 8K video at high quality stays below this. */
export const frameBytesMax: number = 16 * 1024 * 1024;

/** Bytes of one init: Vorbis set-up headers and a FLAC picture reach hundreds of kilobytes. */
export const initBytesMax: number = 4 * 1024 * 1024;
