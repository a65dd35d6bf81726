/** Milliseconds after which an instance that has not given account of itself is taken for lost; it does so each second. */
export const lostMillis = 5000;

/** Milliseconds for which a lost instance is still shown. */
export const forgetMillis = 60_000;

/** Instances remembered: bounds what a stranger on the bus can make control hold. */
export const instancesMax = 1000;

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
