import type { Position } from '@weir/media';
import { isCount, parseObject } from './json.ts';
import { sourcesMax } from './limits.ts';
import { isText } from './text.ts';

/** An edge's account of its listeners for one stream; repeated while there are any, sent once with 0 when the last left. */
export interface Demand {
  readonly edge: string;
  readonly listeners: number;
}

/** An edge asks the owner for what its ring holds. */
export interface SnapshotRequest extends Demand {
  /** Frames after this position, to mend a gap; null: init and everything from the join point on. */
  readonly after: Position | null;
  /** How much history the edge wants before now; the answer starts at a random access frame. */
  readonly behindMillis: number;
}

/** An ingest's account of the sources of patterns that it has: repeated each second, and sent at once when there is one more or less. */
export interface SourceList {
  readonly ingest: string;
  /** Feeds such as `live/anna`. */
  readonly sources: readonly string[];
}

const text = new TextEncoder();

/** The message as JSON: these are few, and worth reading on the wire. */
export function encodeControl(message: Demand | SnapshotRequest | SourceList): Uint8Array {
  return text.encode(JSON.stringify(message));
}

/** Null when the bytes are not a demand: anything may arrive on a shared bus. */
export function decodeDemand(bytes: Uint8Array): Demand | null {
  const value = parseObject(bytes);
  if (value === null) return null;
  const { edge, listeners } = value;
  return isText(edge) && isCount(listeners) ? { edge, listeners } : null;
}

/** Null when the bytes are not a snapshot request. */
export function decodeSnapshotRequest(bytes: Uint8Array): SnapshotRequest | null {
  const demand = decodeDemand(bytes);
  const value = parseObject(bytes);
  if (demand === null || value === null || !isCount(value['behindMillis'])) return null;
  const after = value['after'];
  if (after === null) return { ...demand, after, behindMillis: value['behindMillis'] };
  if (typeof after !== 'object') return null;
  const { epoch, sequence } = after as Record<string, unknown>;
  if (!isCount(epoch) || !isCount(sequence)) return null;
  return { ...demand, after: { epoch, sequence }, behindMillis: value['behindMillis'] };
}

/** Null when the bytes are not a list of sources. */
export function decodeSources(bytes: Uint8Array): SourceList | null {
  const { ingest, sources } = parseObject(bytes) ?? {};
  if (!isText(ingest) || !Array.isArray(sources)) return null;
  return { ingest, sources: sources.slice(0, sourcesMax).filter(isText) };
}
