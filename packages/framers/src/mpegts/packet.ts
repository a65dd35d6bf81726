// ISO/IEC 13818-1 §2.4.3.2 (transport packet) and §2.4.3.4 (adaptation field).
//
//  0        1                  2        3                              4
//  +--------+--+--+--+---------+--------+-----+-----+------------------+------------------------------+
//  | 0x47   |te|us|tp| PID, 13 bits     | tsc | afc | continuity_count | adaptation field? payload?   |
//  +--------+--+--+--+---------+--------+-----+-----+------------------+------------------------------+
//            te transport_error_indicator     tsc transport_scrambling_control
//            us payload_unit_start_indicator  afc adaptation_field_control: 2 field, 1 payload

/** Bytes of a transport packet. */
export const packetBytes: number = 188;

/** The first byte of every packet. */
export const syncByte: number = 0x47;

/** Number of packet identifiers. */
export const pidCount: number = 0x2000;

/** The highest PID reserved for tables that are not a program's (PAT, CAT, and DVB's NIT, SDT, EIT, TDT). */
export const reservedPidMax: number = 0x1f;

/** Packets that only fill the multiplex; their continuity counter is undefined. */
export const nullPid: number = 0x1fff;

/** Packet identifier of the packet at `at`. */
export function pidAt(bytes: Uint8Array, at: number): number {
  return (((bytes[at + 1] as number) & 0x1f) << 8) | (bytes[at + 2] as number);
}

/** True when a PES packet or the first section after a pointer field starts in the packet at `at`. */
export function startsUnit(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at + 1] as number) & 0x40) !== 0;
}

/** True when the packet at `at` is known to have been damaged on its way. */
export function isDamaged(bytes: Uint8Array, at: number): boolean {
  return (bytes[at + 1] as number) >= 0x80;
}

/** True when the payload of the packet at `at` cannot be read. */
export function isScrambled(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at + 3] as number) & 0xc0) !== 0;
}

/** Offset of the payload of the packet at `at`; the packet's end when it has none. */
export function payloadAt(bytes: Uint8Array, at: number): number {
  const control = bytes[at + 3] as number;
  if ((control & 0x10) === 0) return at + packetBytes;
  if ((control & 0x20) === 0) return at + 4;
  return Math.min(at + 5 + (bytes[at + 4] as number), at + packetBytes);
}

/** Flags of the adaptation field of the packet at `at`; 0 when there are none. */
function adaptationFlags(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 3] as number) & 0x20) !== 0 && bytes[at + 4] !== 0 ? (bytes[at + 5] as number) : 0;
}

/** The discontinuity_indicator of the packet at `at`: its continuity counter may jump. */
export function isDiscontinuity(bytes: Uint8Array, at: number): boolean {
  return (adaptationFlags(bytes, at) & 0x80) !== 0;
}

/** The random_access_indicator of the packet at `at`: a decoder can start at the PES packet that starts in it. */
export function isRandomAccess(bytes: Uint8Array, at: number): boolean {
  return (adaptationFlags(bytes, at) & 0x40) !== 0;
}
