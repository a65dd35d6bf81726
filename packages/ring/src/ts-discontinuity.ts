import type { InitFrame } from '@weir/media';
import type { FrameRing } from './frame-ring.ts';
import { discontinuityBytesMax } from './limits.ts';

const packetBytes = 188;
const nullPid = 0x1fff;

/**
 * The packets that tell a demuxer of an MPEG transport stream that something is missing before the frame at `index`: for each
 * PID that goes on soon after it one without a payload, with discontinuity_indicator set and the continuity counter that the
 * PID goes on from (ISO/IEC 13818-1 §2.4.3.3 and §2.4.3.5). Tables need none: they are sent whole, again and again.
 *
 * @param init the tables in force there
 */
export function tsDiscontinuity(ring: FrameRing, index: number, init: InitFrame): Uint8Array {
  const told = new Set([nullPid, ...pidsIn(init.payload)]);
  const markers: Uint8Array[] = [];
  let bytes = 0;
  for (let next = index; next < ring.head && bytes < discontinuityBytesMax; next++) {
    const { kind, payload } = ring.at(next);
    if (kind !== 'random-access' && kind !== 'delta') continue;
    for (let at = 0; at + packetBytes <= payload.length; at += packetBytes) {
      const pid = pidAt(payload, at);
      if (told.has(pid)) continue;
      told.add(pid);
      markers.push(marker(payload, at));
    }
    bytes += payload.length;
  }
  return Buffer.concat(markers);
}

/** The marker in front of the packet at `at`. */
function marker(packets: Uint8Array, at: number): Uint8Array {
  const [sync = 0, high = 0, low = 0, control = 0] = packets.subarray(at, at + 4);
  const hasPayload = (control & 0x10) !== 0;
  // A packet with a payload counts one up, the marker does not.
  const counter = (control - (hasPayload ? 1 : 0)) & 0x0f;
  const packet = new Uint8Array(packetBytes).fill(0xff);
  // Neither transport_error_indicator nor payload_unit_start_indicator; not scrambled, adaptation field alone, of 183 bytes.
  packet.set([sync, high & 0x1f, low, 0x20 | counter, packetBytes - 5, 0x80]);
  return packet;
}

function pidsIn(packets: Uint8Array): Set<number> {
  const pids = new Set<number>();
  for (let at = 0; at + packetBytes <= packets.length; at += packetBytes) pids.add(pidAt(packets, at));
  return pids;
}

function pidAt(packets: Uint8Array, at: number): number {
  return (((packets[at + 1] as number) & 0x1f) << 8) | (packets[at + 2] as number);
}
