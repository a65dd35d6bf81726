/** Milliseconds that a process gives the others to object before it takes a key for its own: a message takes one or two. */
export const settleMillis = 250;

/** Milliseconds after a reconnect before a free key is asked for: who held it comes back first, by attempts 200 to 400 ms apart. */
export const reunionMillis = 1000;

/** Milliseconds between two mentions of what a process has written, so that a message that was lost on the way is made good. */
export const mentionMillis = 10_000;

/** Versions in one mention and keys in one fetch: 50 of the longest keys stay below 40 KiB. */
export const mentionedMax = 50;

/** Milliseconds after which a fetch that nobody answered may be sent again. */
export const fetchMillis = 1000;

/** Keys of one heard bucket, and bytes of their values: some 15 MB of bookkeeping and 64 MiB, as much as JetStream is given. */
export const heardKeysMax = 20_000;
export const heardBytesMax: number = 64 * 1024 * 1024;

/** Characters of a key; the longest are encoded names of 420. */
export const heardKeyCharsMax = 512;

/** Bytes that are left for the header of a heard message beside the value, below what the server takes in one. */
export const heardHeaderBytesMax = 2048;

/** Bytes that a server takes in a message when it does not say: NATS's own default. */
export const messageBytesDefault: number = 1024 * 1024;

/** Subjects of one connection that are remembered as denied: more than weir has kinds of, streams aside. */
export const deniedSubjectsMax = 200;
