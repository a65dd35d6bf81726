/** Bytes of the one buffer that all listeners read into, one after the other. */
export const readBytes: number = 64 * 1024;

/** The same for listeners who read slowly: their pauses must not get long. */
export const slowReadBytes: number = 16 * 1024;

/** Listeners in one run: beyond this another machine is needed anyway. */
export const listenersMax = 200_000;

/** Connections from one address to one server; the system has about 28 000 ports for them. */
export const listenersPerAddressMax = 20_000;

/** What a host that is not this machine may be asked for without `--allow-remote`. */
export const remoteMax = { listeners: 100, churnPerSecond: 10 } as const;

/** Connections that come and go in a second. */
export const churnPerSecondMax = 5000;

/** Milliseconds between two looks at what is due. */
export const tickMillis = 20;

/** Listeners started at one look: the others must be read in between. */
export const startsPerTickMax = 250;

/** Milliseconds after the last listener was started from which delays count: joins have brought older frames before. */
export const settleMillis = 1000;

/** Milliseconds after which a connection of the churn vanishes, answered or not. */
export const churnMillisMax = 1000;

/** Bytes without a single frame in them after which a body is not what its Content-Type says. */
export const framelessBytesMax: number = 256 * 1024;

/** Seconds between two progress lines where they cannot overwrite each other. */
export const plainProgressSeconds = 5;
