/** Milliseconds after which an instance that has not given account of itself is taken for lost; it does so each second. */
export const lostMillis = 5000;

/** Milliseconds for which a lost instance is still shown. */
export const forgetMillis = 60_000;

/** Instances remembered: bounds what a stranger on the bus can make control hold. */
export const instancesMax = 1000;

/** Parts of the time between two looks at a master that chance takes off: two that mirror each other do not ask at once forever. */
export const refreshJitter = 0.2;

/** Milliseconds that a new configuration waits for the first answers of its masters, so that their streams are there with it. */
export const firstLookMillis = 1000;

/** Milliseconds for a catalogue to come whole; and its bytes, some 600 for each stream of a weir. */
export const catalogueMillis = 10_000;
export const catalogueBytesMax: number = 4 * 1024 * 1024;

/** Streams that are mirrored, over all masters: each edge tells of every stream each second, in a message of 1 MB at most. */
export const mirroredMax = 1000;

/** Weirs that a mirrored stream may come over, as they stand in each stream's status. */
export const viaMax = 32;

/** A stream stays for so many times the time between two looks when no master has it any more: a source may only be reconnecting. */
export const missingLooks = 3;

/** Log lines about single streams after one look at a catalogue; what is beyond is counted. */
export const mirrorLinesMax = 20;

/** Feeds and encoders that administrators may have stopped at the same time, and attempts to change what is stopped. */
export const stoppedMax = 1000;
export const stoppedAttemptsMax = 10;

/** Bytes of a request's JSON: a few short words. */
export const adminBodyBytesMax = 4096;

/** Seconds after which somebody who showed too many wrong tokens may come again. */
export const loginRetrySeconds = 60;

/** Milliseconds that an instance may take to answer an administrator, and bytes of its answer: a thousand listeners. */
export const instanceAnswerMillis = 2000;
export const instanceAnswerBytesMax: number = 4 * 1024 * 1024;

/** Listeners in one answer, where the administrator names no number. */
export const listenersListed = 100;

/** Seconds over which an edge may be drained: a day. */
export const drainSecondsMax = 86_400;
