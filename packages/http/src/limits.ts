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

/** File descriptors that are kept for commands, NATS and files however many clients come: a share of those the process may have, within bounds. */
export const descriptorsKeptShare = 0.15;
export const descriptorsKeptMin = 64;
export const descriptorsKeptMax = 2048;

/** Connections of a port beside the main one (health, SHOUTcast): a share of the descriptors that are kept, and never more than so many. */
export const sidePortShare = 0.2;
export const sidePortConnectionsMax = 256;

/** The share of a port's connections that one address may have: however many it opens, as many are left for others. */
export const addressShareMax = 0.5;

/** Milliseconds after a word about connections that were closed at once until there is another. */
export const dropsToldMillis = 60_000;

/** Milliseconds of silence before TCP asks whether the other side is still there; below the 350 s of common load balancers. */
export const keepAliveProbeMillis = 60_000;

/** Milliseconds for a PROXY protocol header: the load balancer sends it first of all. */
export const proxyHeaderTimeoutMillis = 5000;

/** Milliseconds for a client's first byte on a port that speaks HTTPS, and again for its TLS handshake: three round trips, on the worst of lines. */
export const handshakeTimeoutMillis = 10_000;

/** Bytes of a file with a certificate, those that lead to its authority included, or with a key. */
export const certificateFileBytesMax: number = 256 * 1024;

/** Header lines of one request; encoders send some fifteen, browsers behind proxies some forty. */
export const headersMax = 100;

/** Milliseconds for a client to take its last answer while what it still sends is thrown away. */
export const lingerMillis = 2000;

/** Bytes of the line that begins a chunk, and of all trailer lines together. */
export const chunkLineBytesMax = 4096;

/** Bytes of a SHOUTcast password line. */
export const passwordLineBytesMax = 1024;

/** Password checks at the same time: each takes some 40 ms and 16 MiB in one of the four threads that all files share. */
export const passwordChecksMax = 2;

/** Password checks that may wait for their turn; who comes later is told to come again. */
export const passwordChecksWaitingMax = 64;

/** Right passwords that are remembered, by a keyed hash of 44 letters; the oldest is forgotten first. */
export const passwordsKnownMax = 10_000;

/** Bytes of a response's head. */
export const responseHeadBytesMax: number = 16 * 1024;

/** Milliseconds for a name to be resolved, and for each of its addresses to accept a connection, TLS included. */
export const connectTimeoutMillis = 3000;

/** Milliseconds for the head of an answer: a server that starts its source first may take ten seconds. */
export const responseTimeoutMillis = 15_000;

/** Redirects that are followed for one request. */
export const redirectsMax = 5;

/** Milliseconds in which the failed logins of an address are counted, and how many are free. */
export const loginWindowMillis = 60_000;
export const loginFailuresMax = 10;

/** Addresses whose failed logins are counted at the same time; the one that failed least lately is forgotten first. */
export const loginAddressesMax = 10_000;
