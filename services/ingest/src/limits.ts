/** Listeners with an encoder of their own, of one feed tree: each is a process. */
export const sessionsMax = 64;

/** Milliseconds without a byte after which a running source is called hungry. */
export const hungryMillis = 2000;

/** Milliseconds that a run has for its first media, however short its stall is: an encoder looks at its input first. */
export const firstMediaMillisMin = 5000;

/** Milliseconds between two looks at a running source. */
export const watchMillis = 500;

/** Milliseconds of history an ingest keeps: what an edge may ask for when it joins, or to mend a gap. */
export const historyMillis = 12_000;

/** Milliseconds after which an edge that has not repeated its demand is taken for gone; edges repeat it every 2 s. */
export const demandMillis = 7000;

/** Edges whose demand for one stream is remembered: bounds what a stranger on the bus can make an ingest hold. */
export const demandingEdgesMax = 1000;

/** Milliseconds that publishing may lag before a publication drops to the next random access frame. */
export const congestedMillis = 1000;

/** Microseconds that a picture may be told after one that is shown later; a longer step back is a source that starts over. */
export const pictureReorderMicrosMax = 1_000_000;

/** Microseconds of a step forward that is still media; a longer one is a jump of the source's clock. */
export const mediaJumpMicrosMax = 10_000_000;

/** Microseconds between the last frame of a run and the first of the next, where times are made to go on: one picture. */
export const epochGapMicros = 40_000;

/** Bytes handed to an encoder's stdin in one go. */
export const feedBytesMax: number = 64 * 1024;

/** Milliseconds of media an encoder may fall behind its feed before it is moved to the newest random access frame. */
export const encoderLagMillisMax = 10_000;

/** Bytes of one read from a paced file: 256 ms of 128 kbit/s audio, 7 ms of 5 Mbit/s video. */
export const fileReadBytes = 4096;

/** Milliseconds between two renewals of a lease: three in the time that one lives. */
export const leaseRenewMillis = 1500;

/** Milliseconds after which a renewal that failed is tried again: sooner than anybody else asks. */
export const leaseRenewSoonMillis = 250;

/** Milliseconds after which a lease that was held by another is asked for again. */
export const leaseRetryMillis = 1000;

/** Milliseconds after which it is asked for when the bus did not answer, or was away: its holder is to be back first. */
export const leaseYieldMillis = 2500;

/** Milliseconds between two accounts of an ingest on the bus. */
export const statusMillis = 1000;

/** Characters of a title; players show some sixty. */
export const titleCharactersMax = 500;

/** Milliseconds a feed may take to give media before its fallback is started. */
export const fallbackPatienceMillis = 1500;

/** Milliseconds a feed must have given media before it takes its place back from its fallback. */
export const fallbackReturnMillis = 5000;

/** Milliseconds between two looks at which of a feed and its fallbacks is on. */
export const fallbackWatchMillis = 200;

/** Milliseconds that an ingest leaves a feed to others for each that it runs, and at most: a message over the bus takes one or two. */
export const headStartMillis = { each: 5, most: 200 } as const;

/** Milliseconds that a login's answer comes late once too many of its address have failed. */
export const loginDelayMillis = 1000;

/** Milliseconds that the place of a source which has just come is kept for it: another ingest may have to let it go first. */
export const sourceArrivalMillis = 5000;

/** Feeds that a SHOUTcast password is tried on, since each costs a check. */
export const shoutcastFeedsMax = 32;

/** Bytes of a metadata update that comes as a form. */
export const metadataFormBytesMax: number = 8 * 1024;

/** Bytes between two ICY blocks that are believed; servers use some 8 to 64 KiB. */
export const icyIntervalBytesMax: number = 16 * 1024 * 1024;

/** Milliseconds before a failed source is started again, at most: a command costs a process, a relay a connection. */
export const restartMillisMax = 30_000;
export const relayRetryMillisMax = 1000;

/** Milliseconds between two looks whether the first of a relay's upstreams is back, while another one gives media. */
export const relayReturnMillis = 60_000;

/** Milliseconds that such a look takes at most, and the bytes of media after which the first counts as back. */
export const relayProbeMillis = 15_000;
export const relayProbeBytes = 4096;

/** Bytes of datagrams that the system is asked to keep while this process is busy: 1.6 s of 20 Mbit/s. */
export const datagramBufferBytes: number = 4 * 1024 * 1024;

/** Milliseconds between two lines about lost datagrams. */
export const lostDatagramsLogMillis = 10_000;

/** Steps of an RTP sequence number that are a gap, and steps back that are a late datagram (RFC 3550 appendix A.1); others are a new start. */
export const rtpDropoutMax = 3000;
export const rtpMisorderMax = 100;

/** Pictures that one ingest decodes at the same time, and that wait for their turn: encoders need the machine more. */
export const pictureDecodesMax = 2;
export const picturesWaitingMax = 64;

/** Milliseconds that a picture waits for its turn, and that its decoding takes at most: some 250 frames of 4K. */
export const pictureTurnMillis = 5000;
export const pictureDecodeMillis = 10_000;

/** Bytes of one picture: a PNG of 4K noise. What is decoded for it is bounded by the ring. */
export const pictureBytesMax: number = 32 * 1024 * 1024;

/** Pictures of one stream that are taken at the same time, each as another one asked for it (format, quality, width). */
export const pictureKindsMax = 8;

/** Milliseconds that the pictures of one frame are kept after the last was asked for. */
export const pictureKeptMillis = 5000;

/** Milliseconds that an edge may let its question wait for the first picture, and between two looks whether it is there. */
export const pictureHoldMillisMax = 2000;
export const pictureLookMillis = 20;

/** Milliseconds of silence after which the last PES packet counts as whole although none has followed. */
export const unitQuietMillis = 20;

/** How far pictures stand back for encoders: added to the process's niceness. */
export const pictureNiceness = 5;

/** Milliseconds that the command of a stream of type shot may take for its picture. */
export const shotMillis = 10_000;
