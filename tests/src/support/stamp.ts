/** Bytes of a transport stream packet. */
export const packetBytes = 188;

const pid = 0x1f0;
const magic = Buffer.from('STAMP\x01\x02\x03STAMP\x04\x05\x06', 'latin1');

/** Fills a packet with the system's monotonic clock and a count. */
export function writeStamp(packet: Buffer, count: number): void {
  packet.fill(0xff, 0, packetBytes);
  packet[0] = 0x47;
  packet[1] = pid >> 8;
  packet[2] = pid & 0xff;
  packet[3] = 0x10 | (count & 15);
  magic.copy(packet, 4);
  packet.writeBigUInt64LE(process.hrtime.bigint(), 20);
  packet.writeBigUInt64LE(BigInt(count), 28);
}

/** Finds the stamps in a stream that may be cut anywhere. */
export class StampReader {
  #carry: Buffer = Buffer.alloc(0);
  #last = -1;
  gaps = 0;

  /** Calls `onDelay` with the milliseconds each stamp took to here. */
  read(chunk: Uint8Array, onDelay: (millis: number) => void): void {
    const now = process.hrtime.bigint();
    const bytes = Buffer.concat([this.#carry, chunk]);
    let from = 0;
    for (;;) {
      const at = bytes.indexOf(magic, from);
      if (at < 0 || at + 32 > bytes.length) {
        from = at < 0 ? Math.max(from, bytes.length - magic.length) : at;
        break;
      }
      onDelay(Number(now - bytes.readBigUInt64LE(at + 16)) / 1e6);
      const count = Number(bytes.readBigUInt64LE(at + 24));
      if (this.#last >= 0 && count !== this.#last + 1) this.gaps++;
      this.#last = count;
      from = at + 32;
    }
    this.#carry = Buffer.from(bytes.subarray(from));
  }
}
