/** Milliseconds after which an instance that has not given account of itself is taken for lost; it does so each second. */
export const lostMillis = 5000;

/** Milliseconds for which a lost instance is still shown. */
export const forgetMillis = 60_000;

/** Instances remembered: bounds what a stranger on the bus can make control hold. */
export const instancesMax = 1000;

/** Milliseconds between two looks at a master's catalogue: a new stream is there after so long at most. */
export const refreshMillis = 10_000;

/** Milliseconds for a catalogue to come whole; and its bytes, some 600 for each stream of a weir. */
export const catalogueMillis = 10_000;
export const catalogueBytesMax: number = 4 * 1024 * 1024;

/** Streams that are mirrored, over all masters: each edge tells of every stream each second, in a message of 1 MB at most. */
export const mirroredMax = 1000;

/** Servers that a mirrored stream may come over: masters that mirror each other must forget what neither has any more. */
export const hopsMax = 4;

/** Milliseconds for which a stream stays that no master has any more: as long as its listeners are held without a source. */
export const missingMillis = 30_000;

/** Log lines about single streams after one look at a catalogue; what is beyond is counted. */
export const mirrorLinesMax = 20;
