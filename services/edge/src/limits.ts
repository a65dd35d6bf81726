/** Bytes of one write to one socket: what may wait outside the kernel for a slow listener. */
export const writeBytesMax: number = 64 * 1024;

/** The share of its core that the fan-out may take when it is at the limit; the rest is for everything else. */
export const fanOutUtilisation = 0.5;

/** Milliseconds that the loop rests between two passes at most: a pass over thousands of listeners takes longer than this. */
export const fanOutRestMillisMax = 50;

/** Milliseconds without any progress, while data waits, after which a listener is closed. */
export const stalledMillis = 10_000;

/** Milliseconds between two looks at every stream and listener. */
export const tickMillis = 1000;

/** Milliseconds after which a process that shares this one's port and has told nothing is left out of the sum. */
export const siblingMillis = 5000;

/** Milliseconds of history kept beyond what the slowest listener may be behind, for joins. */
export const historyMarginMillis = 2000;

/** Milliseconds of history a listener may ask for with `?join=`. */
export const joinBehindMillisMax = 60_000;

/** Seconds told to a listener who is to come again, in `Retry-After`. */
export const retryAfterSeconds = 2;
