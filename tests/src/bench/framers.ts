// node tests/dist/bench/framers.js [WORD...]: how fast the framers are, beside a copy of the same bytes. Never fails.
// With words, only streams whose name contains one of them.
import { execFileSync } from 'node:child_process';
import { createFramer } from '@weir/framers';
import type { FormatName, Frame } from '@weir/media';

/** Bytes made by an encoder; copies of them, side by side, are more than any cache holds. */
const encodedBytes = 4 * 1024 * 1024;
const streamBytes = 64 * 1024 * 1024;
const chunkBytes = 64 * 1024;
/** What a socket gives when packets arrive one by one. */
const smallChunkBytes = 1400;
const rounds = 7;

interface Stream {
  readonly name: string;
  readonly format: FormatName;
  /** What FFmpeg makes, without the output. */
  readonly encode: string;
  readonly change?: (stream: Buffer) => void;
}

const pictures = '-f lavfi -i testsrc2=size=640x360:rate=25,noise=alls=20:allf=t';
const sound = '-f lavfi -i anoisesrc=sample_rate=48000:amplitude=0.2,aformat=channel_layouts=stereo';
const av = `${pictures} ${sound} -c:v libx264 -preset ultrafast -g 50 -b:v 4M -maxrate 4M -bufsize 4M -pix_fmt yuv420p -c:a aac -b:a 128k`;

/** ISO/IEC 13818-1 §2.4.3.5: so that key pictures must be looked for. */
function clearRandomAccessIndicator(stream: Buffer): void {
  for (let at = 0; at + 188 <= stream.length; at += 188) {
    if (((stream[at + 3] ?? 0) & 0x20) !== 0 && stream[at + 4] !== 0) stream[at + 5] = (stream[at + 5] ?? 0) & ~0x40;
  }
}

/** Streams as encoders send them: pictures of 4 Mbit/s with sound of 128 kbit/s, or sound alone. */
const streams: readonly Stream[] = [
  { name: 'mpegts', format: 'mpegts', encode: `${av} -f mpegts` },
  { name: 'mpegts, no indicator', format: 'mpegts', encode: `${av} -f mpegts`, change: clearRandomAccessIndicator },
  { name: 'flv', format: 'flv', encode: `${av} -f flv` },
  { name: 'matroska', format: 'matroska', encode: `${av} -live 1 -f matroska` },
  { name: 'mp4, group by group', format: 'mp4', encode: `${av} -movflags frag_keyframe+empty_moov+default_base_moof -f mp4` },
  { name: 'mp4, frame by frame', format: 'mp4', encode: `${av} -movflags frag_every_frame+empty_moov+default_base_moof -f mp4` },
  { name: 'mp3', format: 'mp3', encode: `${sound} -c:a libmp3lame -b:a 128k -write_xing 0 -id3v2_version 0 -f mp3` },
  { name: 'adts', format: 'adts', encode: `${sound} -c:a aac -b:a 128k -f adts` },
  { name: 'ogg vorbis', format: 'ogg', encode: `${sound} -c:a libvorbis -b:a 128k -f ogg` },
  { name: 'ogg opus, page by packet', format: 'ogg', encode: `${sound} -c:a libopus -b:a 128k -page_duration 20000 -f ogg` },
  { name: 'ogg theora', format: 'ogg', encode: `${pictures} -c:v libtheora -b:v 4M -g 50 -f ogg` },
  { name: 'flac', format: 'flac', encode: `${sound} -c:a flac -compression_level 0 -f flac` },
  { name: 'wav', format: 'wav', encode: `${sound} -c:a pcm_s16le -f wav` },
  { name: 'mpjpeg', format: 'mpjpeg', encode: `${pictures} -c:v mjpeg -q:v 8 -f mpjpeg` },
  { name: 'mjpeg', format: 'mjpeg', encode: `${pictures} -c:v mjpeg -q:v 8 -f mjpeg` },
];

/** A stream as it comes, and copies of it up to {@link streamBytes}. */
interface Made {
  readonly once: Buffer;
  readonly bytes: Buffer;
}

function make({ encode, change }: Stream): Made {
  const argv = ['-nostdin', '-v', 'error', ...encode.split(' '), '-fs', String(encodedBytes), 'pipe:1'];
  const once = execFileSync('ffmpeg', argv, { maxBuffer: 4 * encodedBytes });
  change?.(once);
  return { once, bytes: Buffer.concat(Array.from({ length: Math.round(streamBytes / once.length) }, () => once)) };
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** Megabytes a second, the median of some rounds; the first one, which compiles, does not count. */
function megabytesPerSecond(bytes: number, round: () => void): number {
  round();
  const seconds = Array.from({ length: rounds }, () => {
    const started = performance.now();
    round();
    return (performance.now() - started) / 1000;
  });
  return bytes / 1e6 / median(seconds);
}

let frames = 0;
let mediaBytes = 0;
function emit(frame: Frame): void {
  frames++;
  if (frame.kind !== 'init') mediaBytes += frame.payload.length;
}

/** Each copy of the stream goes through a framer of its own. */
function pushAll(format: FormatName, { once, bytes }: Made, size: number): void {
  for (let start = 0; start < bytes.length; start += once.length) {
    const framer = createFramer(format);
    const end = start + once.length;
    for (let at = start; at < end; at += size) framer.push(bytes.subarray(at, Math.min(end, at + size)), emit);
    framer.end(emit);
  }
}

function copyAll({ bytes }: Made, into: Buffer): void {
  for (let at = 0; at < bytes.length; at += chunkBytes) bytes.copy(into, 0, at, at + chunkBytes);
}

const words = process.argv.slice(2);
const wanted = streams.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
const into = Buffer.alloc(chunkBytes);

console.log(`node ${process.version}, ${streamBytes / 2 ** 20} MiB each, median of ${rounds} rounds, one core`);
console.log('stream                      MB/s  copy MB/s  time / copy  frames / MB  emitted   MB/s in 1400-byte chunks');
for (const stream of wanted) {
  const made = make(stream);
  const size = made.bytes.length;
  const copied = megabytesPerSecond(size, () => copyAll(made, into));
  const framed = megabytesPerSecond(size, () => {
    frames = 0;
    mediaBytes = 0;
    pushAll(stream.format, made, chunkBytes);
  });
  const framesPerMegabyte = frames / (size / 1e6);
  const emitted = (100 * mediaBytes) / size;
  const small = megabytesPerSecond(size, () => pushAll(stream.format, made, smallChunkBytes));
  const columns = [
    stream.name.padEnd(24),
    framed.toFixed(0).padStart(8),
    copied.toFixed(0).padStart(10),
    (copied / framed).toFixed(2).padStart(12),
    framesPerMegabyte.toFixed(0).padStart(12),
    `${emitted.toFixed(1)} %`.padStart(9),
    small.toFixed(0).padStart(12),
  ];
  console.log(columns.join(' '));
}
