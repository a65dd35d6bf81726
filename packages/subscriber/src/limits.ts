/** Milliseconds without a frame after which a stream is called silent. */
export const silentMillis = 2000;

/** Milliseconds between two repetitions of demand; an ingest forgets an edge after a few. */
export const demandRepeatMillis = 2000;

/** Times, a second apart, that an edge repeats that a stream has no listener any more. */
export const farewellsMax = 5;

/** Milliseconds until an unanswered snapshot request is sent again: from the first, doubled up to the last. */
export const snapshotRetryMillis = { first: 20, last: 1000 } as const;

/** Milliseconds an answer to a snapshot request may pause. */
export const snapshotTimeoutMillis = 3000;

/** Bytes of one snapshot: ten seconds of 40 Mbit/s. */
export const snapshotBytesMax: number = 64 * 1024 * 1024;
