import { isDamaged, isDiscontinuity, nullPid, pidAt, pidCount } from './packet.ts';

/** No packet of this PID has been seen. */
const unseen = 0xff;

/** The packet before was sent twice. */
const repeated = 0x20;

/**
 * How a packet stands to the one before it on the same PID.
 * - `next`: it follows, or is the first
 * - `gap`: packets are missing before it
 * - `damaged`: it is marked as damaged: its payload, and even its PID, may be wrong
 * - `repeat`: the same packet sent once more; there is nothing new in it
 * - `empty`: it has no payload, or is stuffing
 */
export type Succession = 'next' | 'gap' | 'damaged' | 'repeat' | 'empty';

/** Follows the continuity counters of all PIDs (ISO/IEC 13818-1 §2.4.3.3). */
export class Continuity {
  /** For each PID the counter its next packet should have; what is not 0 to 15 is never equal to one. */
  readonly expected: Uint8Array = new Uint8Array(pidCount).fill(unseen);

  /** Judges the packet at `at`. Callers may do the plain case, a payload with the expected counter, by themselves. */
  judge(bytes: Uint8Array, at: number): Succession {
    const pid = pidAt(bytes, at);
    if (pid === nullPid) return 'empty';
    const control = bytes[at + 3] as number;
    const counter = control & 0x0f;
    const before = this.expected[pid] as number;
    const after = (counter + 1) & 0x0f;
    if (isDamaged(bytes, at)) {
      this.expected[pid] = after;
      return 'damaged';
    }
    const jumps = isDiscontinuity(bytes, at);
    if ((control & 0x10) === 0) {
      if (jumps) this.expected[pid] = after;
      return 'empty';
    }
    this.expected[pid] = after;
    if (jumps || before === unseen || counter === (before & 0x0f)) return 'next';
    if (after !== (before & 0x0f)) return 'gap';
    this.expected[pid] = after | repeated;
    return before < repeated ? 'repeat' : 'gap';
  }
}
