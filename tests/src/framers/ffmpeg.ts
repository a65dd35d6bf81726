import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import type { FormatName } from '@weir/media';

/** FFmpeg's name of the demuxer for a format: streams are never guessed at. */
const demuxers: Readonly<Record<FormatName, string>> = {
  mpegts: 'mpegts',
  flv: 'flv',
  mp3: 'mp3',
  adts: 'aac',
  ogg: 'ogg',
  matroska: 'matroska',
  webm: 'matroska',
  mp4: 'mp4',
  mpjpeg: 'mpjpeg',
  mjpeg: 'mjpeg',
  wav: 'wav',
  flac: 'flac',
  raw: 'data',
};

/** A container of {@link FormatName}, or an elementary stream. */
export type Demuxer = FormatName | 'hevc' | 'obu';

function demuxerOf(name: Demuxer): string {
  return name === 'hevc' || name === 'obu' ? name : demuxers[name];
}

export interface DecodedStream {
  readonly type: string;
  /** MD5 of each decoded frame, in the order of display. */
  readonly hashes: readonly string[];
}

/** One input for a decoder. */
export interface Input {
  readonly demuxer: Demuxer;
  readonly bytes: Uint8Array;
  /** FFmpeg's stream specifiers; without them all video, then all audio. */
  readonly map?: readonly string[] | undefined;
  /** Decoders for sound streams, in order, where FFmpeg's choice will not do. */
  readonly soundDecoders?: readonly (string | undefined)[];
}

/** Which errors of a decoder are forgiven: none at all; those that it only prints; all, as long as pictures come out. */
export type Forgiven = 'none' | 'printed' | 'all';

interface Finished {
  readonly printed: string;
  readonly outputs: readonly Buffer[];
  readonly errors: string;
  readonly exitCode: number | null;
}

/** Runs a program with `inputs` on descriptors 3, 4, ... and reads what it writes to as many behind them. */
async function run(program: string, argv: readonly string[], inputs: readonly Uint8Array[], outputCount: number): Promise<Finished> {
  const pipes = Array.from({ length: inputs.length + outputCount }, () => 'pipe' as const);
  const child = spawn(program, argv, { stdio: ['ignore', 'pipe', 'pipe', ...pipes] });
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', (cause) => reject(new Error(`${program} does not start: the tests need FFmpeg in PATH`, { cause })));
  });
  inputs.forEach((bytes, index) => {
    const pipe = child.stdio[3 + index] as Writable;
    // A decoder that gives up closes its end; its exit code tells.
    pipe.on('error', () => undefined);
    pipe.end(bytes);
  });
  const outputs = Array.from({ length: outputCount }, (_, index) => buffer(child.stdio[3 + inputs.length + index] as Readable));
  const streams = [text(child.stdout as Readable), text(child.stderr as Readable)] as const;
  const [exitCode, printed, errors, ...read] = await Promise.all([exited, ...streams, ...outputs]);
  return { printed, errors, exitCode, outputs: read };
}

function parseFrameMd5(output: string): DecodedStream[] {
  const streams: { type: string; hashes: string[] }[] = [];
  for (const line of output.split('\n')) {
    const media = /^#media_type (\d+): (\w+)/.exec(line);
    if (media !== null) streams[Number(media[1])] = { type: media[2] ?? '', hashes: [] };
    const fields = line.startsWith('#') ? [] : line.split(',').map((field) => field.trim());
    if (fields.length === 6) streams[Number(fields[0])]?.hashes.push(fields[5] ?? '');
  }
  return streams;
}

/** Decodes each input and, unless all errors are forgiven, stops at the first error of any; rejects with what FFmpeg said. */
export async function decode(inputs: readonly Input[], forgiven: Forgiven = 'none'): Promise<DecodedStream[][]> {
  const argv = ['-nostdin', '-hide_banner', '-v', 'error', ...(forgiven === 'all' ? [] : ['-xerror'])];
  inputs.forEach(({ demuxer, soundDecoders }, index) => {
    soundDecoders?.forEach((name, sound) => name !== undefined && argv.push(`-c:a:${sound}`, name));
    argv.push('-threads', '1', '-f', demuxerOf(demuxer), '-i', `pipe:${3 + index}`);
  });
  inputs.forEach(({ map }, index) => {
    for (const streams of map ?? ['v?', 'a?']) argv.push('-map', `${index}:${streams}`);
    argv.push('-fps_mode', 'passthrough', '-f', 'framemd5', `pipe:${3 + inputs.length + index}`);
  });
  const { outputs, errors, exitCode } = await run('ffmpeg', argv, inputs.map(({ bytes }) => bytes), inputs.length);
  if (exitCode !== 0 || (forgiven === 'none' && errors !== '')) throw new Error(`ffmpeg ended with ${exitCode}: ${errors.slice(0, 1000)}`);
  return outputs.map((output) => parseFrameMd5(output.toString()));
}

/**
 * The packets of the only stream, as they stand in the container. FFmpeg calls the last ones of an endless file
 * corrupt, so that its errors are no matter: what it reads is compared to the last byte.
 */
export async function demux({ demuxer, bytes }: Input): Promise<Buffer> {
  const argv = ['-nostdin', '-hide_banner', '-v', 'error', '-f', demuxerOf(demuxer), '-i', 'pipe:3', '-map', '0', '-c', 'copy', '-f', 'data', 'pipe:4'];
  const { outputs, errors, exitCode } = await run('ffmpeg', argv, [bytes], 1);
  if (exitCode !== 0) throw new Error(`ffmpeg ended with ${exitCode}: ${errors.slice(0, 1000)}`);
  return outputs[0] ?? Buffer.alloc(0);
}

/** What FFmpeg reads of an input without decoding it. */
export interface Demuxed {
  /** MD5 of each packet; the streams stand as in the container. */
  readonly streams: readonly DecodedStream[];
  /** All that FFmpeg finds strange about the container. */
  readonly warnings: string;
}

/** Reads the packets of all streams. */
export async function readPackets({ demuxer, bytes }: Input): Promise<Demuxed> {
  const argv = ['-nostdin', '-hide_banner', '-v', 'warning', '-f', demuxerOf(demuxer), '-i', 'pipe:3', '-map', '0', '-c', 'copy', '-f', 'framemd5', 'pipe:4'];
  const { outputs, errors, exitCode } = await run('ffmpeg', argv, [bytes], 1);
  if (exitCode !== 0) throw new Error(`ffmpeg ended with ${exitCode}: ${errors.slice(0, 1000)}`);
  return { streams: parseFrameMd5(String(outputs[0])), warnings: errors };
}

export interface ProbedPacket {
  /** Where it begins in the input, or the PES packet or page that holds its beginning. */
  readonly at: number;
  readonly isKey: boolean;
  /** Presentation time in ticks of the stream. */
  readonly pts: number;
  readonly ptsSeconds: number;
  readonly endSeconds: number;
}

export interface ProbedStream {
  readonly type: string;
  readonly codec: string;
  readonly packets: readonly ProbedPacket[];
  /** Presentation times of the decoded frames, in the packets' ticks. */
  readonly frames: readonly number[];
}

interface ProbeOutput {
  readonly streams: readonly { readonly index: number; readonly codec_type: string; readonly codec_name: string }[];
  readonly packets_and_frames: readonly {
    readonly type: 'packet' | 'frame';
    readonly stream_index: number;
    readonly pts?: number;
    readonly pts_time?: string;
    readonly duration_time?: string;
    readonly pos?: string;
    readonly flags?: string;
    readonly best_effort_timestamp?: number;
  }[];
}

/** What FFmpeg sees in an input: the streams that {@link decode} decodes, in that order. */
export async function probe({ demuxer, bytes, map }: Input): Promise<ProbedStream[]> {
  const entries = 'packet=stream_index,pts,pts_time,duration_time,pos,flags:frame=stream_index,best_effort_timestamp:stream=index,codec_type,codec_name';
  const select = map === undefined ? [] : ['-select_streams', map.join()];
  const argv = ['-v', 'error', '-f', demuxerOf(demuxer), ...select, '-show_packets', '-show_frames', '-show_entries', entries, '-of', 'json', 'pipe:3'];
  const { printed, errors, exitCode } = await run('ffprobe', argv, [bytes], 0);
  if (exitCode !== 0) throw new Error(`ffprobe ended with ${exitCode}: ${errors.slice(0, 1000)}`);
  const output = JSON.parse(printed) as ProbeOutput;
  const streams = output.streams.map(({ index, codec_type, codec_name }) => {
    let at = 0;
    const packets: ProbedPacket[] = [];
    const frames: number[] = [];
    for (const item of output.packets_and_frames) {
      if (item.stream_index !== index) continue;
      if (item.type === 'frame') frames.push(item.best_effort_timestamp ?? Number.NaN);
      else {
        // Only the first packet of a PES packet has a place of its own.
        at = item.pos === undefined ? at : Number(item.pos);
        const ptsSeconds = Number(item.pts_time);
        packets.push({ at, isKey: item.flags?.includes('K') ?? false, pts: item.pts ?? Number.NaN, ptsSeconds, endSeconds: ptsSeconds + Number(item.duration_time ?? 0) });
      }
    }
    return { type: codec_type, codec: codec_name, packets, frames };
  });
  return ['video', 'audio'].flatMap((type) => streams.filter((stream) => stream.type === type));
}
