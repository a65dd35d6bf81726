/** Bytes of one ring. A stream of 40 Mbit/s keeps its 10 s of history below this; a faster one keeps less. */
export const ringBytesMax: number = 64 * 1024 * 1024;

/** Frames of one ring: bounds what a source of very many tiny frames costs beside its bytes. */
export const ringFramesMax: number = 256 * 1024;

/** Bytes of live frames kept while a snapshot is on its way; beyond, the oldest wait goes on without them. */
export const pendingBytesMax: number = 32 * 1024 * 1024;

/** Frames kept meanwhile, each with the message it came in: three seconds of the smallest. */
export const pendingFramesMax = 16_384;

/** Bytes looked through, after a place where frames were left out, for the counters that a transport stream goes on with. */
export const discontinuityBytesMax: number = 64 * 1024;
