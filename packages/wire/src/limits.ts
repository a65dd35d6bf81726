/** Bytes of one message: below 64 KiB so that NATS and Node handle it in their pooled read buffers. */
export const messageBytesMax: number = 60 * 1024;

/** Bytes of one reassembled frame; the framers' own limit, with room for an init's preamble. */
export const frameBytesMax: number = 16 * 1024 * 1024 + 64 * 1024;

/** Characters of a stream's name after encoding, so that a subject stays readable in a log line. */
export const subjectTokenCharsMax: number = 200;
