// ISO/IEC 14496-12 §8.8.7. A fragment whose data is counted from the start of the file cannot be joined: the framer of mp4 counts
// it from the moof box instead, in as many bytes.
const tfhd = Buffer.from('tfhd');

/** Both with the bytes of every tfhd box of the original, and a free box that fills its room, blanked. */
function withoutTrackFragmentHeaders(original: Buffer, changed: Buffer): [Buffer, Buffer] {
  const [a, b] = [Buffer.from(original), Buffer.from(changed)];
  for (let at = original.indexOf(tfhd); at >= 4; at = original.indexOf(tfhd, at + 1)) {
    const end = Math.min(original.length, at - 4 + Math.min(64, original.readUInt32BE(at - 4)));
    a.fill(0, at - 4, end);
    b.fill(0, at - 4, end);
  }
  return [a, b];
}

/** The first place from `from` on where `payload` stands in `input` but for its tfhd boxes; -1 when there is none. */
export function placeOfRelocated(input: Buffer, payload: Uint8Array, from: number): number {
  const boxHead = payload.subarray(0, 8);
  for (let place = input.indexOf(boxHead, from); place >= 0; place = input.indexOf(boxHead, place + 1)) {
    const original = input.subarray(place, place + payload.length);
    if (original.length < payload.length) return -1;
    const [a, b] = withoutTrackFragmentHeaders(original, Buffer.from(payload));
    if (a.equals(b)) return place;
  }
  return -1;
}
