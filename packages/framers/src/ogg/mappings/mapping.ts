/** How a codec is laid into Ogg: what its first packet, the identification header, tells. */
export interface Mapping {
  /** As in the `codecs` parameter of RFC 5334 §4. */
  readonly codec: string;
  readonly isVideo: boolean;
  /** Packets that come before media, the identification header included; null when only their granule position, 0, tells. */
  readonly headerPackets: number | null;
  /** The time at which what a granule position counts ends, in microseconds since the codec's own zero. */
  micros(granuleHigh: number, granuleLow: number): number;
  /** Whether a decoder can start at a packet, by its first byte. */
  isKey(firstByte: number): boolean;
}
