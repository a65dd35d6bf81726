import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Frame, MediaFrame } from '@weir/media';
import { elementaryStream } from './elementary-stream.ts';
import { decode, demux, probe } from './ffmpeg.ts';
import type { DecodedStream, Forgiven, Input, ProbedStream } from './ffmpeg.ts';
import { fixtures, readFixture } from './fixtures.ts';
import type { Fixture } from './fixtures.ts';
import { placesInInput, trace } from './trace.ts';

/**
 * Cut points tried where a stream has more, as audio has: the first, the last, and as many evenly between. WEIR_CUTS_MAX=1000000
 * tries every one, which takes minutes.
 */
const cutsMax = Number(process.env['WEIR_CUTS_MAX'] ?? 12);
/** Small enough for samples, where every chunk begins at a cut point, to have several. */
const chunkBytes = 4096;

/** What a decoder of sound cannot give after a cut, by name. */
interface SoundException {
  readonly name: string;
  /** Frames behind the cut that may be missing or other. */
  readonly frames: number;
  /** Whether what follows is bit by bit what it was. Decoders that remember all since the start are compared by the number of frames. */
  readonly exact: boolean;
  /** Frames that the decoder of the whole file drops at its start: an Info frame tells it how much LAME put there. */
  readonly extraFrames?: number;
  /** Frames at the end of the stream that may be other: where a file tells how much of its last page to play. */
  readonly lastFrames?: number;
  /** The decoder whose output does not depend on what it decoded before: FFmpeg's fixed-point ones dither. */
  readonly decoder?: string;
}

const soundExceptions: Readonly<Record<string, SoundException>> = {
  aac: { name: 'window overlap', frames: 1, exact: true },
  mp3: { name: 'bit reservoir, window overlap', frames: 9, exact: true, extraFrames: 1 },
  mp2: { name: 'filter bank', frames: 1, exact: true, decoder: 'mp2float' },
  mp1: { name: 'filter bank', frames: 2, exact: true, decoder: 'mp1float' },
  vorbis: { name: 'window overlap', frames: 2, exact: true, lastFrames: 1 },
  opus: { name: 'pre-skip, prediction', frames: 1, exact: false },
  speex: { name: 'prediction', frames: 1, exact: false },
  ac3: { name: 'window overlap, dither', frames: 1, exact: false },
  flac: { name: 'none', frames: 0, exact: true },
};

interface Cut {
  readonly frame: MediaFrame;
  /** Where it begins in its part. */
  readonly at: number;
  /** The init and all frames from this one to the end of the part. */
  readonly bytes: Buffer;
}

/** A run of the stream under one init: a file as its encoder wrote it. */
interface Part {
  readonly original: Buffer;
  readonly cuts: readonly Cut[];
}

/** Where the original parts of a fixture begin and end. */
function originals(fixture: Fixture, input: Buffer): { readonly start: number; readonly bytes: Buffer; readonly prefixBytes: number }[] {
  const parts = [];
  let start = 0;
  for (const path of fixture.parts ?? []) {
    const bytes = readFixture({ path });
    parts.push({ start, bytes, prefixBytes: 0 });
    start += bytes.length;
  }
  // An FLV encoder that comes back sends no file header; a decoder of the rest alone needs it.
  const prefix = fixture.format === 'flv' && start > 0 ? input.subarray(0, 13) : Buffer.alloc(0);
  return [...parts, { start, bytes: Buffer.concat([prefix, input.subarray(start)]), prefixBytes: prefix.length }];
}

function partsOf(fixture: Fixture): Part[] {
  const input = readFixture(fixture);
  const traced = trace(fixture.format, input, [chunkBytes]);
  const places = placesInInput(input, traced);
  const frames = traced.frames.map(({ frame }) => frame);
  const starts = frames.flatMap(({ kind }, index) => (kind === 'init' ? [index] : []));
  const sources = originals(fixture, input);
  assert.equal(starts.length, sources.length, 'inits');
  return sources.map(({ start, bytes, prefixBytes }, index) => {
    const section = frames.slice(starts[index], starts[index + 1]);
    const init = section[0]?.payload ?? Buffer.alloc(0);
    const cuts = section.flatMap((frame, first) => {
      if (frame.kind !== 'random-access') return [];
      const rest = section.slice(first).map(({ payload }) => payload);
      return [{ frame, at: placeOf(places, frame) - start + prefixBytes, bytes: Buffer.concat([init, ...rest]) }];
    });
    return { original: bytes, cuts };
  });
}

function placeOf(places: ReadonlyMap<Frame, number>, frame: Frame): number {
  const place = places.get(frame);
  assert.ok(place !== undefined);
  return place;
}

function spread<T>(items: readonly T[]): T[] {
  if (items.length <= cutsMax) return [...items];
  return Array.from({ length: cutsMax }, (_, index) => items[Math.round((index * (items.length - 1)) / (cutsMax - 1))] as T);
}

/** Decodes all inputs at once; when one fails, each alone, to tell which. */
async function decodeEach(inputs: readonly Input[], names: readonly string[], forgiven: Forgiven): Promise<DecodedStream[][]> {
  try {
    return await decode(inputs, forgiven);
  } catch {
    const decoded: DecodedStream[][] = [];
    for (const [index, input] of inputs.entries()) {
      const [streams] = await decode([input], forgiven).catch((cause: unknown) => assert.fail(`${names[index]}: ${String(cause)}`));
      decoded.push(streams ?? []);
    }
    return decoded;
  }
}

/** What may differ: frames in front of those expected, the first of them, the last of them. */
interface Tolerance {
  readonly extra?: number;
  readonly first?: number;
  readonly last?: number;
}

/** Fails unless `hashes` are the last `count` of `original`. */
function assertTail(hashes: readonly string[], original: readonly string[], count: number, what: string, tolerance: Tolerance = {}): void {
  assertLength(hashes, count, what, tolerance);
  const certain = Math.max(0, count - (tolerance.first ?? 0));
  const tail = (frames: readonly string[]): string[] => frames.slice(frames.length - certain, frames.length - (tolerance.last ?? 0));
  assert.deepEqual(tail(hashes), tail(original), `${what}: other frames than the original's`);
}

function assertLength({ length }: readonly string[], count: number, what: string, { extra = 0, first = 0 }: Tolerance): void {
  assert.ok(length >= count - first && length <= count + extra, `${what}: ${length} frames, not ${count}`);
}

function toleranceOf({ exception }: Fixture): Tolerance {
  if (exception === undefined) return {};
  return exception.name === 'open-gop' ? { extra: exception.pictures } : { first: exception.pictures };
}

function assertCut(fixture: Fixture, cut: Cut, decoded: readonly DecodedStream[], original: readonly DecodedStream[], probed: readonly ProbedStream[], what: string): void {
  assert.deepEqual(decoded.map(({ type }) => type), original.map(({ type }) => type), `${what}: other streams`);
  probed.forEach(({ type, codec, packets, frames }, index) => {
    const [hashes, all] = [decoded[index]?.hashes ?? [], original[index]?.hashes ?? []];
    const first = packets.find(({ at }) => at >= cut.at);
    const count = first === undefined ? 0 : frames.filter((pts) => pts >= first.pts).length;
    if (type === 'audio') {
      const exception = soundExceptions[codec];
      assert.ok(exception !== undefined, `no word on how ${codec} takes a cut`);
      const tolerance = { extra: exception.extraFrames ?? 0, first: exception.frames, last: exception.lastFrames ?? 0 };
      if (exception.exact) assertTail(hashes, all, count, `${what}, ${codec}`, tolerance);
      else assertLength(hashes, count, `${what}, ${codec}`, tolerance);
    } else {
      assert.ok(first?.isKey, `${what}: the first picture behind the cut is no key picture`);
      assertTail(hashes, all, count, `${what}, ${codec}`, toleranceOf(fixture));
    }
  });
}

/**
 * Fails unless the times of the cuts are FFmpeg's, but for a constant. A frame may begin with sound (a Matroska cluster) and may
 * tell where it ends instead of where it begins (an Ogg page): its time lies between the first thing in it and the
 * key picture, or its end.
 */
function assertTimes(cuts: readonly Cut[], probed: readonly ProbedStream[], toEnd: boolean): void {
  let [earliest, latest] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const { frame, at } of cuts) {
    const start = probed[0]?.packets.find((packet) => packet.at >= at);
    if (start === undefined || frame.timeMicros === null) continue;
    const within = probed.flatMap(({ packets }) => packets).filter((packet) => packet.at >= at && packet.at <= start.at);
    const seconds = frame.timeMicros / 1e6;
    earliest = Math.max(earliest, seconds - Math.max(...within.map(({ ptsSeconds, endSeconds }) => (toEnd ? endSeconds : ptsSeconds))));
    latest = Math.min(latest, seconds - Math.min(...within.map(({ ptsSeconds }) => ptsSeconds)));
    assert.ok(earliest - latest < 0.002, `time of the cut at ${at}: ${frame.timeMicros} us is ${earliest - latest} s off`);
  }
}

/** The demuxer of MP3 wants to see a frame and the one after it; a multipart file ends with a delimiter that begins nothing. */
function withinReach(fixture: Fixture, part: Part): Part {
  if (fixture.format === 'mp3') return { ...part, cuts: part.cuts.slice(0, -2) };
  return { ...part, original: part.original.subarray(0, part.original.length - (fixture.leftBytes ?? 0)) };
}

function forgivenOf({ exception, lastPartDoubtful }: Fixture): Forgiven {
  if (lastPartDoubtful === true) return 'all';
  return exception?.name === 'open-gop' ? 'printed' : 'none';
}

async function testContainer(fixture: Fixture): Promise<void> {
  for (const { original, cuts } of partsOf(fixture).map((part) => withinReach(fixture, part))) {
    const container = { demuxer: fixture.format, map: fixture.map };
    const probed = await probe({ ...container, bytes: original });
    const soundDecoders = probed.filter(({ type }) => type === 'audio').map(({ codec }) => soundExceptions[codec]?.decoder);
    const tried = spread(cuts);
    const inputs = [original, ...tried.map(({ bytes }) => bytes)].map((bytes): Input => ({ ...container, bytes, soundDecoders }));
    const names = ['the original', ...tried.map(({ at }) => `the cut at ${at}`)];
    const [everything = [], ...decoded] = await decodeEach(inputs, names, forgivenOf(fixture));
    tried.forEach((cut, index) => assertCut(fixture, cut, decoded[index] ?? [], everything, probed, `the cut at ${cut.at}`));
    if (fixture.untimed !== true) assertTimes(cuts, probed, fixture.format === 'ogg');
  }
}

/** FFmpeg's packets of bare pictures have no places: the n-th cut is the n-th picture. */
async function testPictures(fixture: Fixture): Promise<void> {
  for (const { original, cuts } of partsOf(fixture)) {
    const inputs = [original, ...cuts.map(({ bytes }) => bytes)].map((bytes): Input => ({ demuxer: fixture.format, bytes }));
    const [all, ...decoded] = (await decode(inputs)).map((streams) => streams[0]?.hashes ?? []);
    assert.equal(all?.length, cuts.length);
    decoded.forEach((hashes, index) => assert.deepEqual(hashes, all?.slice(index)));
  }
}

/** Samples need no decoder: what FFmpeg reads behind the cut is what stands there. */
async function testSamples(fixture: Fixture): Promise<void> {
  for (const { original, cuts } of partsOf(fixture)) {
    for (const { bytes, at } of cuts) {
      const samples = await demux({ demuxer: fixture.format, bytes });
      assert.ok(samples.length > 0 && original.subarray(at, at + samples.length).equals(samples), `the cut at ${at}`);
      assert.ok(original.length - at - samples.length < 6, `the cut at ${at}: ${original.length - at - samples.length} bytes are missing`);
    }
  }
}

/** Groups are closed here: as many pictures are decoded as are coded behind the cut. */
async function testElementary(fixture: Fixture): Promise<void> {
  for (const { original, cuts } of partsOf(fixture)) {
    const inputs = [original, ...cuts.map(({ bytes }) => bytes)].map(elementaryStream);
    const [all, ...decoded] = (await decode(inputs)).map((streams) => streams[0]?.hashes ?? []);
    assert.equal(all?.length, inputs[0]?.pictures);
    decoded.forEach((hashes, index) => assertTail(hashes, all ?? [], inputs[index + 1]?.pictures ?? 0, `cut ${index}`));
  }
}

// FFmpeg is started twice for each fixture; two fixtures at a time keep two cores busy.
void describe('decode law', { concurrency: 2 }, () => {
  for (const fixture of fixtures) {
    if (fixture.undecodable !== undefined) continue;
    const behaviour = 'from every random access frame on decodes as the original does';
    if (fixture.format === 'wav') void it(`${fixture.path}: ${behaviour}`, () => testSamples(fixture));
    else if (fixture.format === 'mjpeg') void it(`${fixture.path}: ${behaviour}`, () => testPictures(fixture));
    else if (fixture.path.startsWith('flv/enhanced')) void it(`${fixture.path}: ${behaviour}`, () => testElementary(fixture));
    else void it(`${fixture.path}: ${behaviour}`, () => testContainer(fixture));
  }
});
