/** RFC 9559 §5.1.3: clusters, whose size may be unknown. */

const idBytes = 4;

/**
 * A copy of a frame that begins with a Cluster, in which the cluster's size, in as many bytes, is said to be unknown (RFC
 * 8794 §6.2): it ends where the next one begins. A listener who goes on at the next random access frame would otherwise
 * get less of the cluster than it announces, and take what follows for the rest of it.
 */
export function withoutSize(frame: Uint8Array): Uint8Array {
  const changed = Buffer.from(frame);
  const sizeBytes = Math.clz32(frame[idBytes]!) - 23;
  changed[idBytes] = 0xff >> (sizeBytes - 1);
  return changed.fill(0xff, idBytes + 1, idBytes + sizeBytes);
}
