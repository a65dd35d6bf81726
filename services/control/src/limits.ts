/** Milliseconds after which an instance that has not given account of itself is taken for lost; it does so each second. */
export const lostMillis = 5000;

/** Milliseconds for which a lost instance is still shown. */
export const forgetMillis = 60_000;

/** Instances remembered: bounds what a stranger on the bus can make control hold. */
export const instancesMax = 1000;
