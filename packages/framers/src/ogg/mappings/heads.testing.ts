/** A Vorbis identification header (Vorbis I §4.2.2). */
export function vorbisHead(rate: number): Buffer {
  const bytes = Buffer.alloc(30);
  bytes.write('\x01vorbis', 'latin1');
  bytes[11] = 2;
  bytes.writeUInt32LE(rate, 12);
  return bytes;
}

/** An OpusHead packet (RFC 7845 §5.1). */
export function opusHead(preSkip: number, inputRate = 48000): Buffer {
  const bytes = Buffer.alloc(19);
  bytes.write('OpusHead\x01\x02', 'latin1');
  bytes.writeUInt16LE(preSkip, 10);
  bytes.writeUInt32LE(inputRate, 12);
  return bytes;
}

/** The first packet of FLAC (RFC 9639 §10.1). */
export function flacHead(rate: number, metadataPackets: number): Buffer {
  const bytes = Buffer.alloc(51);
  bytes.write('\x7fFLAC\x01\0', 'latin1');
  bytes.writeUInt16BE(metadataPackets, 7);
  bytes.write('fLaC\0\0\0\x22', 9, 'latin1');
  bytes.writeUInt32BE(rate * 2 ** 12 + (1 << 9) + (15 << 4), 27);
  return bytes;
}

/** A Speex header. */
export function speexHead(rate: number, extraHeaders: number): Buffer {
  const bytes = Buffer.alloc(80);
  bytes.write('Speex   1.2');
  bytes.writeUInt32LE(rate, 36);
  bytes.writeUInt32LE(extraHeaders, 68);
  return bytes;
}

/** A Theora identification header (Theora specification §6.2). */
export function theoraHead(rateNumerator: number, rateDenominator: number, shift: number, revision = 1): Buffer {
  const bytes = Buffer.alloc(42);
  bytes.write('\x80theora\x03\x02', 'latin1');
  bytes[9] = revision;
  bytes.writeUInt32BE(rateNumerator, 22);
  bytes.writeUInt32BE(rateDenominator, 26);
  bytes.writeUInt16BE((48 << 10) | (shift << 5), 40);
  return bytes;
}
