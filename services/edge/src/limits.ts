/** Bytes of one write to one socket: what may wait outside the kernel for a slow listener. */
export const writeBytesMax: number = 64 * 1024;

/**
 * The share of its core that the fan-out may take; the rest is for everything else. As long as passes fit into it, every frame leaves at
 * once: with half of the core the delay of 3000 listeners of 1 Mbit/s was three times as long.
 */
export const fanOutUtilisation = 0.75;

/** Milliseconds after which a pass is interrupted, so that other streams, joins and requests have their turn: thousands of listeners take longer. */
export const fanOutSliceMillis = 10;

/** Milliseconds that the loop rests at most, in and after a pass: one over thousands of listeners takes longer than this. */
export const fanOutRestMillisMax = 50;

/** Milliseconds without any progress, while data waits, after which a listener is closed. */
export const stalledMillis = 10_000;

/** Milliseconds of media that a listener may wait for its socket before it is counted as behind: players notice from there on. */
export const behindMillis = 1000;

/** Milliseconds between two looks at every stream and listener. */
export const tickMillis = 1000;

/** Milliseconds that the load has to stay at `busy_at` until an edge is busy: longer than a collection of garbage or a reload. */
export const busyAfterMillis = 3000;

/** The share of `busy_at` below which the load has to be, and the milliseconds that it has to stay there, until the edge is busy no more. */
export const calmShare = 0.9;
export const calmAfterMillis = 10_000;

/** Milliseconds after which an edge that has told nothing is taken to have no room; it tells each second. */
export const roomForgetMillis = 3500;

/** Milliseconds after which a process that shares this one's port and has told nothing is left out of the sum. */
export const siblingMillis = 5000;

/** Milliseconds after which an ingest that has told nothing is taken to have no sources of patterns; it tells each second. */
export const sourcesForgetMillis = 5000;

/** Milliseconds from its first configuration after which an edge has heard of every source there is. */
export const sourcesKnownMillis = 2000;

/** Ingests whose sources are remembered: bounds what a stranger on the bus can make an edge hold. */
export const ingestsMax = 1000;

/** Milliseconds of history kept beyond what the slowest listener may be behind, for joins. */
export const historyMarginMillis = 2000;

/** Milliseconds of history a listener may ask for with `?join=`. */
export const joinBehindMillisMax = 60_000;

/** Seconds told to a listener who is to come again, in `Retry-After`. */
export const retryAfterSeconds = 2;

/** Milliseconds that one question for a picture waits at the owner for the first frame: after that it is asked again, for it may have another owner. */
export const pictureHoldMillis = 1000;

/** Milliseconds an owner may take to decode a picture, its turn included, beyond that wait. */
export const pictureTimeoutMillis = 16_000;

/** Milliseconds until a question for a picture that nobody heard is repeated: from the first, doubled up to the last. */
export const pictureRetryMillis = { first: 20, last: 500 } as const;

/** Bytes of one picture with its head: more than an ingest makes. */
export const pictureBytesMax: number = 33 * 1024 * 1024;

/** Kinds of picture (format, quality, width) of one stream that are asked for at the same time. */
export const pictureKindsMax = 8;

/** Widths a picture may be asked for in, in pixels: few, so that pages share them. */
export const pictureWidths: readonly number[] = [160, 240, 320, 480, 640, 960, 1280, 1920];

/** Bytes of pictures that one edge is sending at the same time, and milliseconds that a client may take to read one. */
export const picturesSendingBytesMax: number = 256 * 1024 * 1024;
export const pictureSendMillis = 30_000;

/** Wrong passwords of an address in a minute, whatever the user names; of one user name at it there are ten. */
export const addressFailuresMax = 100;

/** Passwords of one address that are checked or wait for it at the same time: one address cannot take all of the queue. */
export const addressLoginsMax = 16;
