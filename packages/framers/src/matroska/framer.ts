/** RFC 9559, Matroska and its subset WebM, as live muxers write it: one segment of clusters, sizes known or not. */
import type { Emit, Framer } from '../framer.ts';
import { clusterLeadMicrosMax, frameBytesMax, initBytesMax, unknownElementBytesMax } from '../limits.ts';
import { Window } from '../window.ts';
import { BlockHead } from './block.ts';
import { withoutSize } from './cluster.ts';
import { ElementHead, headBytesMax, integerBytesMax, unsigned } from './ebml.ts';
import { idBlockGroup, idCluster, idEbml, idInfo, idSegment, idSimpleBlock, idTimestamp, idTracks, segmentElements } from './element-id.ts';
import { findResumption } from './resumption.ts';
import { parseSegmentHeader, type SegmentHeader } from './segment-header.ts';

/** Bytes of a SimpleBlock's data that tell its track, time and flags. */
const blockHeadBytes = 7;

/**
 * - `lost`: looking for an EBML header or, once there was one, a cluster
 * - `header`: from the EBML header to the end of Info and Tracks
 * - `segment`: at an element of the segment or of a cluster; the IDs tell which, so that no end of a cluster need be known
 */
type Place = 'lost' | 'header' | 'segment';

/**
 * One frame is one block (SimpleBlock or BlockGroup, lacing and all) or one other element. A cluster's head, with its
 * Timestamp and whatever else precedes the first block, is in one frame with that block.
 *
 * A frame is random access when it begins a cluster whose first video block is a key frame; without video, when it begins a
 * cluster. A key frame within a cluster is not: a decoder needs the cluster's head. When audio blocks precede a
 * cluster's first video block, they wait for its flags, with the cluster's head and in one frame with it, for at most
 * {@link clusterLeadMicrosMax} of media.
 *
 * Payloads are the input's bytes with one exception: a cluster of a known size leaves without it ({@link withoutSize}).
 */
export class MatroskaFramer implements Framer {
  readonly faults: { skippedBytes: number; gaps: number } = { skippedBytes: 0, gaps: 0 };
  readonly #window = new Window();
  readonly #element = new ElementHead();
  readonly #block = new BlockHead();
  #place: Place = 'lost';
  /** Bytes from the window's first that belong to the frame or header in the making, and have been read. */
  #scanned = 0;
  #ebml: Uint8Array | null = null;
  #info: Uint8Array | null = null;
  #tracks: Uint8Array | null = null;
  #header: SegmentHeader | null = null;
  #clusterTicks: number | null = null;
  /** The frame in the making begins with a cluster that tells its size. */
  #hasClusterSize = false;
  /** Time of the first audio block that waits for the first video block of its cluster. */
  #lead: { readonly micros: number | null } | null = null;

  push(chunk: Uint8Array, emit: Emit): void {
    this.#window.push(chunk);
    while (this.#step(emit));
  }

  end(emit: Emit): number {
    if (this.#place === 'segment') this.#flush(emit);
    const left = this.#window.length;
    this.#window.skip(left);
    this.#scanned = 0;
    this.#place = 'lost';
    return left;
  }

  /** Goes on by one element; false when that takes more bytes. */
  #step(emit: Emit): boolean {
    if (this.#place === 'lost') return this.#search();
    const window = this.#window;
    window.has(this.#scanned + headBytesMax);
    const headBytes = this.#element.read(window.bytes, window.at + this.#scanned, window.end);
    if (headBytes === 'short') return false;
    if (headBytes === 'invalid') return this.#lose();
    return this.#place === 'header' ? this.#readHeader(headBytes, emit) : this.#readSegment(headBytes, emit);
  }

  #skip(count: number): void {
    this.faults.skippedBytes += count;
    this.#window.skip(count);
  }

  /** What comes next makes no sense: looks for a new start behind what did, so that nothing is ever read twice. */
  #lose(): boolean {
    this.#skip(Math.max(1, this.#scanned));
    this.#scanned = 0;
    this.#hasClusterSize = false;
    this.#lead = null;
    this.#place = 'lost';
    return true;
  }

  #search(): boolean {
    const window = this.#window;
    if (!window.has(1)) return false;
    const { found, at } = findResumption(window.bytes, window.at, window.end, this.#header !== null);
    const isDoubtful = at < window.end;
    this.#skip(at - window.at);
    if (!found) return !isDoubtful || window.more();
    this.#place = 'segment';
    return true;
  }

  #beginHeader(): boolean {
    this.#place = 'header';
    this.#header = null;
    this.#info = null;
    this.#tracks = null;
    return true;
  }

  #readHeader(headBytes: number, emit: Emit): boolean {
    const { id, size } = this.#element;
    if (id === idCluster) return this.#tracks === null ? this.#lose() : this.#endHeader(emit);
    if (id === idSegment) {
      this.#scanned += headBytes;
      return true;
    }
    if (id === idEbml && this.#scanned > 0) {
      this.#skip(this.#scanned);
      this.#scanned = 0;
      return this.#beginHeader();
    }
    const next = this.#scanned + headBytes + size;
    if (next > initBytesMax) return this.#lose();
    const window = this.#window;
    if (!window.has(next)) return false;
    const element = window.bytes.subarray(window.at + this.#scanned, window.at + next);
    if (id === idEbml) this.#ebml = element;
    else if (id === idInfo) this.#info = element;
    else if (id === idTracks) this.#tracks = element;
    this.#scanned = next;
    return this.#info === null || this.#tracks === null || this.#endHeader(emit);
  }

  #endHeader(emit: Emit): boolean {
    if (this.#ebml === null || this.#tracks === null) return this.#lose();
    this.#header = parseSegmentHeader({ ebml: this.#ebml, info: this.#info, tracks: this.#tracks });
    emit(this.#header.init);
    this.#place = 'segment';
    this.#flush(emit);
    return true;
  }

  #readSegment(headBytes: number, emit: Emit): boolean {
    const { id, size } = this.#element;
    if (id === idEbml || id === idSegment || id === idCluster) {
      this.#flush(emit);
      if (id !== idCluster) return this.#beginHeader();
      this.#scanned = headBytes;
      this.#clusterTicks = null;
      this.#hasClusterSize = size !== Number.POSITIVE_INFINITY;
      return true;
    }
    const next = this.#scanned + headBytes + size;
    if (next > frameBytesMax || (id === idTimestamp && size > integerBytesMax)) return this.#lose();
    if (id === idSimpleBlock || id === idBlockGroup) return this.#readBlock(headBytes, next, emit);
    const window = this.#window;
    if (!segmentElements.has(id)) {
      const isBelieved = next <= unknownElementBytesMax ? this.#isElementAt(next) : false;
      if (isBelieved === 'short') return false;
      if (!isBelieved) return this.#lose();
    } else if (!window.has(next)) return false;
    const data = window.bytes.subarray(window.at + this.#scanned + headBytes, window.at + next);
    if (id === idTimestamp) this.#clusterTicks = unsigned(data);
    const beginsFrame = this.#scanned === 0;
    this.#scanned = next;
    if (beginsFrame) this.#flush(emit);
    return true;
  }

  /** Whether an element that RFC 9559 has a name for begins so many bytes further on. */
  #isElementAt(offset: number): boolean | 'short' {
    const window = this.#window;
    window.has(offset + headBytesMax);
    const headBytes = this.#element.read(window.bytes, window.at + offset, window.end);
    return headBytes === 'short' ? headBytes : headBytes !== 'invalid' && segmentElements.has(this.#element.id);
  }

  /** @param next bytes from the window's first to the end of the block */
  #readBlock(headBytes: number, next: number, emit: Emit): boolean {
    const window = this.#window;
    const beginsCluster = this.#scanned > 0;
    const dataOffset = this.#scanned + headBytes;
    const isSimple = this.#element.id === idSimpleBlock;
    if (!window.has(isSimple && beginsCluster ? Math.min(next, dataOffset + blockHeadBytes) : next)) return false;
    const block = this.#block;
    const dataAt = window.at + dataOffset;
    const isRead = isSimple
      ? block.readSimple(window.bytes, dataAt, Math.min(window.end, window.at + next))
      : block.readGroup(window.bytes, dataAt, window.at + next);
    if (!isRead || this.#header === null) return this.#lose();

    const micros = this.#microsOf(block.relativeTicks, this.#header.timestampScale);
    const { videoTrack } = this.#header;
    const decides = videoTrack === null || block.track === videoTrack;
    const isEntry = decides && beginsCluster && (block.isKey || videoTrack === null);
    if (this.#lead !== null && (decides || isLate(micros, this.#lead.micros))) {
      this.#flush(emit, isEntry ? 'random-access' : 'delta');
      return true;
    }
    if (!window.has(next)) return false;
    this.#scanned = next;
    if (beginsCluster && !decides) this.#lead ??= { micros };
    else {
      emit({ kind: isEntry ? 'random-access' : 'delta', payload: this.#take(next), timeMicros: micros });
      this.#scanned = 0;
    }
    return true;
  }

  #microsOf(relativeTicks: number, timestampScale: number): number | null {
    if (this.#clusterTicks === null) return null;
    const micros = ((this.#clusterTicks + relativeTicks) * timestampScale) / 1000;
    return Math.abs(micros) <= Number.MAX_SAFE_INTEGER ? micros : null;
  }

  /** The next `count` bytes, as they leave. */
  #take(count: number): Uint8Array {
    const frame = this.#window.take(count);
    if (!this.#hasClusterSize) return frame;
    this.#hasClusterSize = false;
    return withoutSize(frame);
  }

  /** Emits what has been read of the frame in the making. */
  #flush(emit: Emit, kind: 'random-access' | 'delta' = 'delta'): void {
    if (this.#scanned > 0) emit({ kind, payload: this.#take(this.#scanned), timeMicros: this.#lead?.micros ?? null });
    this.#scanned = 0;
    this.#lead = null;
  }
}

function isLate(micros: number | null, leadMicros: number | null): boolean {
  return micros !== null && leadMicros !== null && micros > leadMicros + clusterLeadMicrosMax;
}
