import { packetBytes, syncByte } from './packet.ts';

/** Sync bytes in a row that are taken for packets: four packets, and the start of a fifth. */
const runLength = 5;

/** Where packets start, or how far it is certain that none do. */
export interface SyncSearch {
  readonly found: boolean;
  readonly at: number;
}

/**
 * The first place from `from` on where packets start: {@link runLength} sync bytes, 188 bytes apart. When nothing more will
 * come (`final`), a run of whole packets that reaches the end of the bytes is enough.
 */
export function findSync(bytes: Uint8Array, from: number, final: boolean): SyncSearch {
  const span = (runLength - 1) * packetBytes;
  const end = final ? bytes.length - packetBytes + 1 : bytes.length - span;
  for (let at = from; ; at++) {
    at = bytes.indexOf(syncByte, at);
    if (at < 0 || at >= end) return { found: false, at: final ? from : Math.max(from, end) };
    const to = Math.min(at + span, bytes.length - 1);
    let sync = at + packetBytes;
    while (sync <= to && bytes[sync] === syncByte) sync += packetBytes;
    if (sync > to) return { found: true, at };
  }
}
