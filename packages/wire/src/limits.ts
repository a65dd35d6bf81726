/** Bytes of one message: below 64 KiB so that NATS and Node handle it in their pooled read buffers. */
export const messageBytesMax: number = 60 * 1024;

/** Bytes of one reassembled frame; the framers' own limit, with room for an init's preamble. */
export const frameBytesMax: number = 16 * 1024 * 1024 + 64 * 1024;

/** Fragments of one frame, each of a message: bounds what a stranger on the bus can make a reader keep in many small ones. */
export const fragmentsMax: number = Math.ceil(frameBytesMax / (messageBytesMax - 1024));

/** Characters of a stream's name after encoding: a configured name and that of a source, mostly dots. NATS takes 4096 in a line. */
export const subjectTokenCharsMax: number = 420;

/** Sources of one ingest that an edge hears of. */
export const sourcesMax: number = 10_000;

/** Listeners in one answer to an administrator; characters of each text in it. */
export const administrationListenersMax = 1000;
export const administrationTextCharactersMax = 1000;

/** Milliseconds a lease lives without renewal: a dead ingest's feeds are free after that. */
export const leaseMillis = 5000;
