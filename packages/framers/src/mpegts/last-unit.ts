import { packetBytes, pidAt, startsUnit } from './packet.ts';

/** Where a PES packet starts: in which of several runs of whole transport packets, and at which byte of it. */
export interface UnitStart {
  readonly run: number;
  readonly offset: number;
  readonly pid: number;
}

/**
 * The start of the last PES packet of the elementary stream whose packet stands first, as the key stream's does in a random
 * access frame. Where PES_packet_length is 0, as it may be for video, only the next one's start shows that it is whole.
 */
export function lastUnit(runs: readonly Uint8Array[]): UnitStart {
  const pid = pidAt(runs[0] ?? new Uint8Array(packetBytes), 0);
  for (let run = runs.length - 1; run >= 0; run--) {
    const packets = runs[run] as Uint8Array;
    for (let offset = packets.length - packetBytes; offset >= 0; offset -= packetBytes) {
      if (pidAt(packets, offset) === pid && startsUnit(packets, offset)) return { run, offset, pid };
    }
  }
  return { run: 0, offset: 0, pid };
}
