import type { Mapping } from './mapping.ts';

/** A codec whose granule positions count samples, `samplesBeforeZero` of them before the first one that is heard; null for rate 0. */
export function sampledAudio(codec: string, headerPackets: number | null, rate: number, samplesBeforeZero = 0): Mapping | null {
  if (rate === 0) return null;
  return {
    codec,
    isVideo: false,
    headerPackets,
    micros: (granuleHigh, granuleLow) => ((granuleHigh * 2 ** 32 + granuleLow - samplesBeforeZero) * 1_000_000) / rate,
    isKey: () => true,
  };
}

/** Whether a packet begins with a text of one byte per character. */
export function beginsWith(packet: Uint8Array, text: string): boolean {
  if (packet.length < text.length) return false;
  for (let index = 0; index < text.length; index++) {
    if (packet[index] !== text.charCodeAt(index)) return false;
  }
  return true;
}
