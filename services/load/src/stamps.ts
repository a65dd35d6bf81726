const packetBytes = 188;
const pid = 0x1f0;
const magic = Buffer.from('STAMP\x01\x02\x03STAMP\x04\x05\x06', 'latin1');

/**
 * Reads the stamps that a source on the same machine has put into a transport stream.
 *
 * ```
 * 47 41|01 F0 1c | magic, 16 bytes | monotonic clock, ns, 64 bits LE | count, 64 bits LE | stuffing
 * ```
 */
export class Stamps {
  #count: bigint | null = null;

  /**
   * @param packets whole packets, the first at the start
   * @param onDelay takes the milliseconds from a stamp's making to `nowNanos`
   * @returns how many stamps are missing somewhere: places, not stamps
   */
  read(packets: Uint8Array, nowNanos: bigint, onDelay: (millis: number) => void): number {
    let gaps = 0;
    const bytes = Buffer.from(packets.buffer, packets.byteOffset, packets.byteLength);
    for (let at = bytes.indexOf(magic); at !== -1; at = bytes.indexOf(magic, at + magic.length)) {
      const packet = at - 4;
      if (packet < 0 || packet % packetBytes !== 0 || (bytes.readUInt16BE(packet + 1) & 0x1fff) !== pid) continue;
      onDelay(Number(nowNanos - bytes.readBigUInt64LE(at + 16)) / 1e6);
      const count = bytes.readBigUInt64LE(at + 24);
      if (this.#count !== null && count !== this.#count + 1n) gaps++;
      this.#count = count;
    }
    return gaps;
  }
}
