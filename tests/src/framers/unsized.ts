// RFC 8794 §6.2: a cluster whose size is known leaves the framer of matroska and webm without it, in as many bytes, so that blocks may
// be left out.
const clusterId = Buffer.from([0x1f, 0x43, 0xb6, 0x75]);

/** Whether a media frame of matroska or webm begins a cluster. */
export function beginsCluster(payload: Uint8Array): boolean {
  return clusterId.equals(payload.subarray(0, clusterId.length));
}

/**
 * The first place from `from` on where `payload`, which begins a cluster, stands in `input` but for the size of the cluster, of
 * which only the number of bytes must be the same; -1 when there is none, or when the size in `payload` is not the unknown one.
 */
export function placeOfUnsized(input: Buffer, payload: Uint8Array, from: number): number {
  const first = payload[clusterId.length] ?? 0;
  const sizeBytes = Math.clz32(first) - 23;
  const rest = payload.subarray(clusterId.length + sizeBytes);
  const unknown = [0xff >> (sizeBytes - 1), ...Array.from({ length: sizeBytes - 1 }, () => 0xff)];
  if (unknown.some((byte, index) => payload[clusterId.length + index] !== byte)) return -1;
  for (let place = input.indexOf(clusterId, from); place >= 0; place = input.indexOf(clusterId, place + 1)) {
    const sizeAt = place + clusterId.length;
    const isAsLong = Math.clz32(input[sizeAt] ?? 0) === Math.clz32(first);
    if (isAsLong && input.subarray(sizeAt + sizeBytes, place + payload.length).equals(rest)) return place;
  }
  return -1;
}
