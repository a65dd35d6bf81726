import { ebmlHeaderBytesMax } from '../limits.ts';
import type { Step } from '../resync.ts';
import { ElementHead } from './ebml.ts';
import { clusterElements, headerElements, idCluster, idEbml } from './element-id.ts';

/** Where a stream goes on, or from where on more bytes are needed to tell. */
export interface Resumption {
  readonly found: boolean;
  readonly at: number;
}

/**
 * The first place from `from` on where an EBML header or, if `withClusters`, a Cluster begins: its ID, a size, and the ID of a
 * first element that belongs there.
 */
export function findResumption(bytes: Uint8Array, from: number, end: number, withClusters: boolean): Resumption {
  for (let at = from; at < end; at++) {
    const first = bytes[at];
    if (first !== 0x1a && (first !== 0x1f || !withClusters)) continue;
    const step = resumesAt(bytes, at, end);
    if (step !== 'invalid') return { found: step !== 'short', at };
  }
  return { found: false, at: end };
}

function resumesAt(bytes: Uint8Array, at: number, end: number): Step {
  const expected = bytes[at] === 0x1a ? idEbml : idCluster;
  for (let index = 0; index < 4 && at + index < end; index++) {
    if (bytes[at + index] !== Math.floor(expected / 256 ** (3 - index)) % 256) return 'invalid';
  }
  const head = new ElementHead();
  const headBytes = head.read(bytes, at, end);
  if (typeof headBytes !== 'number') return headBytes;
  if (expected === idEbml && head.size > ebmlHeaderBytesMax) return 'invalid';
  const child = head.read(bytes, at + headBytes, end);
  if (typeof child === 'number' && !(expected === idEbml ? headerElements : clusterElements).has(head.id)) return 'invalid';
  return child;
}
