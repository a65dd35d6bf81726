import { rtpDropoutMax, rtpMisorderMax } from '../limits.ts';

const headerBytes = 12;
/** RFC 3551 section 6. */
const payloadTypeMp2t = 33;
/** ISO/IEC 13818-1 section 2.4.3.2. */
const syncByte = 0x47;

/**
 * Takes the RTP header (RFC 3550 section 5.1) off datagrams that carry a transport stream (RFC 2250 section 2); others are
 * given as they are.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +---+-+-+-------+-+-------------+-------------------------------+
 *     |V=2|P|X|  CC   |M|     PT      |        sequence number        |
 *     +---+-+-+-------+-+-------------+-------------------------------+
 *     |                           timestamp                           |
 *     +---------------------------------------------------------------+
 *     |                             SSRC                              |
 *     +---------------------------------------------------------------+
 *     |          CSRC (CC of them), extension (X), payload, padding (P)
 *
 * Nothing waits for a datagram that comes late: it is left out, since what follows it has gone on already.
 */
export class RtpReader {
  #lost = 0;
  #late = 0;
  /** The number that comes next, and of whom; null before the first. */
  #next: { sequence: number; source: number } | null = null;

  /** Datagrams that never came, or came late. */
  get lost(): number {
    return this.#lost;
  }

  /** Datagrams that came twice, or after a later one. */
  get late(): number {
    return this.#late;
  }

  /** What a datagram carries: a view of it; empty when it is late, or only header. */
  read(datagram: Buffer): Buffer {
    const payload = rtpPayload(datagram);
    if (payload === null) return datagram;
    return this.#isInTime(datagram.readUInt16BE(2), datagram.readUInt32BE(8)) ? payload : payload.subarray(0, 0);
  }

  /** As RFC 3550 appendix A.1 tells a gap from a sender that has started again. */
  #isInTime(sequence: number, source: number): boolean {
    if (this.#next !== null && this.#next.source === source) {
      const ahead = (sequence - this.#next.sequence) & 0xffff;
      if (ahead >= 0x10000 - rtpMisorderMax) {
        this.#late++;
        return false;
      }
      if (ahead < rtpDropoutMax) this.#lost += ahead;
    }
    this.#next = { sequence: (sequence + 1) & 0xffff, source };
    return true;
  }
}

/** The payload of a datagram that is RTP with a transport stream in it; else null. */
function rtpPayload(datagram: Buffer): Buffer | null {
  const [flags = 0, type = 0] = datagram;
  if (datagram.length < headerBytes || flags >> 6 !== 2) return null;
  let start = headerBytes + 4 * (flags & 0x0f);
  const hasExtension = (flags & 0x10) !== 0;
  if (hasExtension && start + 4 <= datagram.length) start += 4 + 4 * datagram.readUInt16BE(start + 2);
  const hasPadding = (flags & 0x20) !== 0;
  const end = datagram.length - (hasPadding ? (datagram.at(-1) ?? 0) : 0);
  if ((type & 0x7f) !== payloadTypeMp2t && datagram[start] !== syncByte) return null;
  return datagram.subarray(start, Math.max(start, end));
}
