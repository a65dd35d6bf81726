import { formatOf } from '@weir/media';
import type { Emit, Faults, Framer } from '../framer.ts';
import { headerUnitsMax, initBytesMax } from '../limits.ts';
import { id3v2Tag } from '../mp3/tag.ts';
import { Resync } from '../resync.ts';
import type { Step } from '../resync.ts';
import { numberAfter, parseFrameHeader } from './frame-header.ts';
import { FrameWalk } from './frame-walk.ts';
import { isLastBlock, joinHeader, metadataBlockAt } from './metadata.ts';
import { parseStreamInfo, streamHeaderAt } from './stream-info.ts';
import type { StreamInfo } from './stream-info.ts';

/** What may come next; a stream header also wherever a frame may. */
type State =
  | { readonly expects: 'stream header' }
  | { readonly expects: 'metadata'; readonly stream: StreamInfo }
  | { readonly expects: 'frame'; readonly stream: StreamInfo; readonly walk: FrameWalk };

/**
 * FLAC (RFC 9639) without a container.
 *
 * - Init: the stream header and those metadata blocks that apply to a listener who joins.
 * - Every frame is a random access frame; it leaves with its last byte, its checksum verified.
 * - Time: from the number in the frame's header; a stream header in mid-stream goes on where the frames before it ended.
 * - Skipped: damaged frames, frames before the first stream header, ID3v2 tags. A frame number that jumps is a gap.
 */
export class FlacFramer implements Framer {
  readonly faults: Faults;
  readonly #resync: Resync;
  #state: State = { expects: 'stream header' };
  /** Stream header and metadata blocks that wait for the last one. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #hasInit = false;
  #expectedNumber: number | null = null;
  #originMicros: number | null = null;
  #endMicros = 0;

  constructor() {
    this.#resync = new Resync(
      {
        unit: (bytes, at, end, examined) => this.#unit(bytes, at, end, examined),
        likeness: () => 0,
        plausible: () => true,
        intact: () => true,
        tag: id3v2Tag,
        confirmations: 0,
        stepBytes: 4096,
      },
      (bytes, at, size, emit) => this.#take(bytes.subarray(at, at + size), emit),
    );
    this.faults = this.#resync.faults;
  }

  push(chunk: Uint8Array, emit: Emit): void {
    this.#resync.push(chunk, emit);
  }

  end(emit: Emit): number {
    return this.#resync.end(emit) + this.#heldBytes;
  }

  #unit(bytes: Uint8Array, at: number, end: number, examined: number): Step {
    if (this.#state.expects === 'metadata') {
      const block = metadataBlockAt(bytes, at, end);
      if (block === 'invalid') this.#dropHeader();
      return block;
    }
    if (bytes[at] === 0x66) return streamHeaderAt(bytes, at, end);
    return this.#state.expects === 'frame' ? this.#state.walk.unit(bytes, at, end, examined) : 'invalid';
  }

  #take(unit: Uint8Array, emit: Emit): void {
    if (this.#state.expects === 'metadata') this.#takeMetadata(unit, this.#state.stream, isLastBlock(unit, 0), emit);
    else if (this.#state.expects === 'frame' && unit[0] === 0xff) this.#takeFrame(unit, this.#state.stream, emit);
    else {
      this.#hasInit = false;
      this.#takeMetadata(unit, parseStreamInfo(unit, 0), isLastBlock(unit, 4), emit);
    }
  }

  #takeMetadata(unit: Uint8Array, stream: StreamInfo, isLast: boolean, emit: Emit): void {
    // A cover picture may be larger than an init: then the init does without it.
    const isTooMuch = this.#heldBytes + unit.length > initBytesMax || this.#held.length === headerUnitsMax;
    if (!this.#hasInit && isTooMuch) this.#emitInit(emit);
    if (this.#hasInit) {
      emit({ kind: 'delta', payload: unit, timeMicros: null });
    } else {
      this.#held.push(unit);
      this.#heldBytes += unit.length;
    }
    if (!isLast) {
      this.#state = { expects: 'metadata', stream };
      return;
    }
    if (!this.#hasInit) this.#emitInit(emit);
    this.#state = { expects: 'frame', stream, walk: new FrameWalk(stream) };
    this.#expectedNumber = null;
    this.#originMicros = null;
  }

  #emitInit(emit: Emit): void {
    const held = this.#held;
    this.#forgetHeld();
    this.#hasInit = true;
    emit({ kind: 'init', format: 'flac', contentType: formatOf('flac').contentType, payload: joinHeader(held) });
    for (const payload of held) emit({ kind: 'delta', payload, timeMicros: null });
  }

  #takeFrame(payload: Uint8Array, stream: StreamInfo, emit: Emit): void {
    const header = parseFrameHeader(payload, 0, payload.length, stream);
    if (typeof header === 'string') return;
    if (this.#expectedNumber !== null && header.number !== this.#expectedNumber) this.#resync.faults.gaps++;
    this.#expectedNumber = numberAfter(header);
    const sample = header.hasFixedBlockSize ? header.number * stream.blockSizeMax : header.number;
    const streamMicros = (sample * 1_000_000) / stream.sampleRate;
    this.#originMicros ??= this.#endMicros - streamMicros;
    const timeMicros = Math.round(this.#originMicros + streamMicros);
    this.#endMicros = timeMicros + (header.blockSize * 1_000_000) / stream.sampleRate;
    emit({ kind: 'random-access', payload, timeMicros });
  }

  #dropHeader(): void {
    this.#resync.faults.skippedBytes += this.#heldBytes;
    this.#forgetHeld();
    this.#state = { expects: 'stream header' };
  }

  #forgetHeld(): void {
    this.#held = [];
    this.#heldBytes = 0;
  }
}
