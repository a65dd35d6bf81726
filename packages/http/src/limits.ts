/** Bytes of one request's head; browsers and players stay far below. */
export const headerBytesMax: number = 16 * 1024;

/** Milliseconds for a request's head to arrive: longer is a slow attack, or no client at all. */
export const headersTimeoutMillis = 10_000;

/** Milliseconds for a whole request; listeners send no body. */
export const requestTimeoutMillis = 30_000;

/** Milliseconds between two looks for requests that take too long. */
export const connectionsCheckMillis = 2000;

/** Bytes that may wait at a socket before a writer is told to: a listener's write, and no drain for each smaller one. */
export const socketBufferBytes: number = 64 * 1024;

/** Milliseconds of silence before TCP asks whether the other side is still there; below the 350 s of common load balancers. */
export const keepAliveProbeMillis = 60_000;

/** Milliseconds for a PROXY protocol header: the load balancer sends it first of all. */
export const proxyHeaderTimeoutMillis = 5000;
