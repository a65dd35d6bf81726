import { beginsWith } from './sampled-audio.ts';
import type { Mapping } from './mapping.ts';

/**
 * Theora specification §6.2 and §A.2.3: identification, comment and setup header, then pictures. A granule position is
 * the number of the last key frame, shifted left by KFGSHIFT, plus the pictures since.
 */
export function theora(packet: Uint8Array): Mapping | null {
  if (!beginsWith(packet, '\x80theora') || packet.length < 42) return null;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  const version = view.getUint32(6) & 0xffffff; // VMAJ, VMIN, VREV
  const frameRateNumerator = view.getUint32(22); // FRN
  const frameRateDenominator = view.getUint32(26); // FRD
  if (frameRateNumerator === 0 || frameRateDenominator === 0) return null;
  const shift = (view.getUint16(40) >> 5) & 0x1f; // KFGSHIFT
  // Until version 3.2.1 the first picture has number 0, since then 1: the end of a picture is one or no picture later.
  const picturesBeforeZero = version < 0x030201 ? -1 : 0;
  const pictureMicros = (frameRateDenominator * 1_000_000) / frameRateNumerator;
  return {
    codec: 'theora',
    isVideo: true,
    headerPackets: 3,
    micros(granuleHigh, granuleLow) {
      const keyFrame = granuleHigh * 2 ** (32 - shift) + Math.floor(granuleLow / 2 ** shift);
      const sinceKeyFrame = granuleLow % 2 ** shift;
      return (keyFrame + sinceKeyFrame - picturesBeforeZero) * pictureMicros;
    },
    isKey: (firstByte) => (firstByte & 0xc0) === 0, // §7.1: not a header, FTYPE intra
  };
}
