/** What a test may set of a page. */
export interface PageFields {
  readonly serial?: number;
  readonly sequence: number;
  /** Of 64 bits; -1 where no packet ends. */
  readonly granule?: bigint | number;
  readonly flags?: 'first' | 'last' | 'continued' | 'none';
  /** The packets on the page. */
  readonly packets: readonly (string | Uint8Array)[];
  /** The last packet goes on on the next page. */
  readonly open?: boolean;
}

const flagBits = { none: 0, continued: 1, first: 2, last: 4 };

/** Writes a page; an open packet must be a multiple of 255 bytes long. */
export function page({ serial = 1, sequence, granule = 0, flags = 'none', packets, open = false }: PageFields): Buffer {
  const bodies = packets.map((packet) => (typeof packet === 'string' ? Buffer.from(packet, 'latin1') : Buffer.from(packet)));
  const segments = bodies.flatMap((body) => [...Array.from({ length: Math.floor(body.length / 255) }, () => 255), body.length % 255]);
  if (open) segments.pop();
  const header = Buffer.alloc(27);
  header.write('OggS');
  header[5] = flagBits[flags];
  header.writeBigInt64LE(BigInt(granule), 6);
  header.writeUInt32LE(serial, 14);
  header.writeUInt32LE(sequence, 18);
  header[26] = segments.length;
  const bytes = Buffer.concat([header, Buffer.from(segments), ...bodies]);
  bytes.writeInt32LE(slowChecksum(bytes), 22);
  return bytes;
}

/** RFC 3533 §6, field 7, bit by bit. */
function slowChecksum(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc;
}
