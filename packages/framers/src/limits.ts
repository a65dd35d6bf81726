/** Every bound of the framers. What exceeds one is skipped and counted, never kept. */

/** Bytes looked at before a format is given up as unknown: a large ID3 tag still fits. */
export const recogniseBytesMax: number = 64 * 1024;

/** Bytes of one frame: an intra picture of 8K video at high quality stays below this. */
export const frameBytesMax: number = 16 * 1024 * 1024;

/** Bytes of one init: Vorbis set-up headers and a FLAC picture reach hundreds of kilobytes. */
export const initBytesMax: number = 4 * 1024 * 1024;

/** Bytes of the header lines of one multipart part: cameras write a few hundred. */
export const partHeadBytesMax: number = 8 * 1024;

/** Bytes from the dashes of a boundary to the end of its line, where what precedes them was no boundary: 72 and padding. */
export const boundaryLineBytesMax: number = 256;

/** Transport packets of tables kept until the first PAT and PMT are whole: large tables, and SDT and EIT between them. */
export const tablePacketsMax: number = 64;

/**
 * Transport packets of all PIDs held back while it is open whether a video PES packet starts with a key picture: 12 KiB,
 * 100 ms of a 1 Mbit/s stream. Happens only where an encoder sets no random_access_indicator, and usually for two to five.
 */
export const heldPacketsMax: number = 64;

/** Bytes of an ID3v2 or APEv2 tag: cover pictures reach megabytes. A larger one is skipped as garbage is. */
export const tagBytesMax: number = 16 * 1024 * 1024;

/** Bytes of an EBML header: a document type and a few numbers. */
export const ebmlHeaderBytesMax: number = 4 * 1024;

/** Bytes of a Matroska element or MP4 box of an unknown kind: a larger one is taken for damage. */
export const unknownElementBytesMax: number = 64 * 1024;

/**
 * Microseconds of audio at the start of a Matroska cluster that wait for its first video block, to know whether a decoder can
 * start there: one frame of slow video.
 */
export const clusterLeadMicrosMax: number = 500_000;

/** Logical streams in one link of an Ogg chain: pictures, sound in several languages, subtitles. */
export const oggStreamsMax: number = 64;

/**
 * Milliseconds of FLV time for which a kind of media that the file header announces is waited for: until then sound does
 * not count as random access where a picture is announced. Encoders that announce what never comes get no further.
 */
export const announcedMillisMax: number = 2000;

/** Bytes of an FLV tag that is waited for, whatever came before it, where the sync is lost: ordinary pictures. */
export const trustedTagBytes: number = 64 * 1024;

/** Milliseconds from the last FLV tag to a larger one that is waited for where the sync is lost: longer than damage lasts. */
export const trustedTagMillis: number = 60_000;

/** FLV tags that wait for the first coded frame, and the init before it: metadata, headers, and events between them. */
export const waitingTagsMax: number = 1024;

/** Codecs named in a MIME type: it stands in an HTTP header. */
export const codecsMax: number = 16;

/** Pages of Ogg headers, FLAC metadata blocks, WAV chunks before the samples: small ones cost more than their bytes. */
export const headerUnitsMax: number = 1024;
