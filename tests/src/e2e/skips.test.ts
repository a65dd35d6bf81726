import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createFramer } from '@weir/framers';
import type { Frame, FormatName } from '@weir/media';
import { eventually, pause } from '../support/eventually.ts';
import { splitAnswer } from '../support/raw-http.ts';
import { writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

const bytesPerSecond = 3_000_000;
/** More than the sockets of both sides take, and what a listener may lag. */
const fileBytes = 16_000_000;
/** So little that the kernel does not take the listener for a fast one, whom it gives buffers of tens of megabytes. */
const readBytes = 16_000;
const streamsAtOnce = 5;

const noise = ['-f', 'lavfi', '-i', 'anoisesrc=sample_rate=44100'];
const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25,noise=alls=60:allf=t'];
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-qp', '16', '-g', '12', '-bf', '0'];
const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '40M', '-qmax', '10', '-g', '12'];

/** Each format's media, from a real encoder; where one second after the other stands alone, a few seconds are repeated. */
const formats: readonly { format: FormatName; argv: readonly string[]; seconds?: number }[] = [
  { format: 'mpegts', argv: [...picture, ...noise, ...x264, '-c:a', 'aac', '-f', 'mpegts'] },
  { format: 'flv', argv: [...picture, ...noise, ...x264, '-c:a', 'aac', '-f', 'flv'] },
  { format: 'mp3', argv: [...noise, '-c:a', 'libmp3lame', '-b:a', '320k', '-write_xing', '0', '-id3v2_version', '0', '-f', 'mp3'], seconds: 10 },
  { format: 'adts', argv: [...noise, '-c:a', 'aac', '-b:a', '256k', '-f', 'adts'], seconds: 10 },
  { format: 'ogg', argv: [...noise, '-ac', '2', '-c:a', 'flac', '-f', 'ogg'] },
  { format: 'matroska', argv: [...picture, ...noise, ...x264, '-c:a', 'aac', '-f', 'matroska'] },
  { format: 'webm', argv: [...picture, ...vp8, '-f', 'webm'] },
  { format: 'mp4', argv: [...picture, ...x264, '-movflags', 'frag_keyframe+empty_moov+default_base_moof', '-f', 'mp4'] },
  { format: 'mpjpeg', argv: [...picture, '-q:v', '4', '-f', 'mpjpeg'] },
  { format: 'mjpeg', argv: [...picture, '-c:v', 'mjpeg', '-q:v', '4', '-f', 'mjpeg'] },
  { format: 'wav', argv: [...noise, '-ac', '2', '-c:a', 'pcm_s16le', '-f', 'wav'] },
  { format: 'flac', argv: [...noise, '-ac', '2', '-c:a', 'flac', '-f', 'flac'] },
  { format: 'raw', argv: [...noise, '-ac', '2', '-f', 's16le'] },
];
const blockBytes = 4;

/** What a framer makes of a file: every byte a listener may get, and where a decoder may start. */
interface Reference {
  readonly init: Buffer;
  readonly media: Buffer;
  readonly startsAt: (place: number) => boolean;
}

describe('what follows a skip', () => {
  const bodies = new Map<FormatName, Buffer>();
  let folder: string;
  let weir: Weir;
  let url: URL;
  let remove: () => Promise<void>;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-skips-'));
    const pacer = join(import.meta.dirname, '../support/programs/pacer.js');
    for (const { format, argv, seconds } of formats) writeMedia(join(folder, format), argv, seconds);
    const command = (format: string): string[] => [process.execPath, pacer, join(folder, format), String(bytesPerSecond)];
    const configuration = await writeConfiguration({
      listen: '127.0.0.1:0',
      feeds: Object.fromEntries(formats.map(({ format }) => [format, { command: command(format), format, ...(format === 'raw' ? { block_bytes: blockBytes } : {}) }])),
      streams: Object.fromEntries(formats.map(({ format }) => [format, { feed: format, path: `/${format}`, max_lag: '1s' }])),
    });
    remove = configuration.remove;
    weir = new Weir(['up', '-f', configuration.file]);
    url = new URL(await weir.url());
    // All is listened to before anything is compared, which keeps this process from reading.
    for (let at = 0; at < formats.length; at += streamsAtOnce) {
      await Promise.all(formats.slice(at, at + streamsAtOnce).map(async ({ format }) => bodies.set(format, await listenWithPause(url, `/${format}`, () => leftBehind(format)))));
    }
  });
  after(async () => {
    await weir.stop('SIGKILL');
    await remove();
    await rm(folder, { recursive: true, force: true });
  });

  const skipsOf = async (stream: string): Promise<number> => {
    const { streams } = (await (await fetch(new URL('/stat.json', url))).json()) as { streams: readonly { name: string; skips: number }[] };
    return streams.find(({ name }) => name === stream)?.skips ?? 0;
  };
  /** Waits until a listener who reads nothing has been left behind: how much the sockets of both sides take differs by machine. */
  const leftBehind = (stream: string): Promise<unknown> => eventually(`a listener of ${stream} is left behind`, async () => (await skipsOf(stream)) > 0, 60_000);

  for (const { format } of formats) {
    it(`begins with a random access frame, and nothing else is missing or added: ${format}`, () => {
      const { head, body } = splitAnswer(bodies.get(format) ?? Buffer.alloc(0));
      assert.match(head, /^HTTP\/1\.[01] 200 /);
      const skips = checkSkips(body, referenceOf(format, readFileSync(join(folder, format))), format);
      assert.ok(skips > 0, 'nothing was left out');
    });
  }
});

function writeMedia(file: string, argv: readonly string[], seconds: number | undefined): void {
  const length = seconds === undefined ? ['-fs', String(fileBytes)] : ['-t', String(seconds)];
  assert.equal(spawnSync('ffmpeg', ['-nostdin', '-v', 'error', ...argv.slice(0, -2), ...length, ...argv.slice(-2), '-y', file]).status, 0, file);
  if (seconds === undefined) return;
  const part = readFileSync(file);
  writeFileSync(file, Buffer.concat(Array.from({ length: Math.ceil(fileBytes / part.length) }, () => part)));
}

/** Reads a little, nothing until it is left behind, and then all that comes. */
function listenWithPause(url: URL, path: string, leftBehind: () => Promise<unknown>): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    const socket = connect(Number(url.port), url.hostname, () => socket.write(`GET ${path} HTTP/1.0\r\n\r\n`));
    socket.once('error', reject);
    socket.on('data', (part: Buffer) => {
      const before = bytes;
      parts.push(part);
      bytes += part.length;
      if (before >= readBytes || bytes < readBytes) return;
      socket.pause();
      leftBehind()
        .then(() => void socket.resume())
        .then(() => quiet(() => bytes))
        .then(() => socket.destroy(), reject);
    });
    socket.once('close', () => resolve(Buffer.concat(parts)));
  });
}

/** Waits until nothing more comes. Between two looks the sockets are read, however busy this process is. */
async function quiet(bytesRead: () => number): Promise<void> {
  for (let last = -1, looks = 0; looks < 8; await pause(200)) {
    looks = bytesRead() === last ? looks + 1 : 0;
    last = bytesRead();
  }
}

function referenceOf(format: FormatName, file: Buffer): Reference {
  const framer = createFramer(format, { blockBytes: format === 'raw' ? blockBytes : 1 });
  const parts: Uint8Array[] = [];
  const starts = new Set<number>();
  const inits: Uint8Array[] = [];
  let at = 0;
  const emit = (frame: Frame): void => {
    if (frame.kind === 'init') {
      inits.push(frame.payload);
      return;
    }
    if (frame.kind === 'random-access') starts.add(at);
    parts.push(frame.payload);
    at += frame.payload.length;
  };
  for (let from = 0; from < file.length; from += 65_536) framer.push(file.subarray(from, from + 65_536), emit);
  framer.end(emit);
  // Where the frames of wav and raw begin is a matter of how they came: every block of theirs will do.
  const [first = 0] = starts;
  const startsAt = format === 'wav' || format === 'raw' ? (place: number) => place >= first && (place - first) % blockBytes === 0 : (place: number) => starts.has(place);
  return { init: Buffer.from(inits[0] ?? []), media: Buffer.concat(parts), startsAt };
}

/** How often something was left out of `body`; fails where it is not what a listener may get. */
function checkSkips(body: Buffer, { init, media, startsAt }: Reference, format: FormatName): number {
  assert.ok(body.subarray(0, init.length).equals(init), 'it does not begin with the init');
  const { rest, markers } = format === 'mpegts' ? withoutMarkers(body.subarray(init.length)) : { rest: body.subarray(init.length), markers: 0 };
  let place = media.indexOf(rest.subarray(0, 512));
  assert.ok(startsAt(place), `it begins at ${place}, where no decoder can start`);
  let at = 0;
  let skips = 0;
  for (;;) {
    const same = commonBytes(rest, at, media, place);
    at += same;
    place += same;
    if (at === rest.length) break;
    const next = landing(rest, at, media, place, startsAt);
    assert.ok(next !== null, `after ${at} of ${rest.length} bytes comes what was not in the stream, or begins where no decoder can start`);
    place = next;
    skips++;
  }
  if (format === 'mpegts') assert.ok(markers >= skips, 'a demuxer is not told of what is missing');
  return skips;
}

/** Where in `media` the bytes from `at` on stand, after a random access frame that stands in `rest` too; null: nowhere. */
function landing(rest: Buffer, at: number, media: Buffer, from: number, startsAt: Reference['startsAt']): number | null {
  const needle = rest.subarray(at, at + 256);
  for (let hit = media.indexOf(needle, from); hit >= 0; hit = media.indexOf(needle, hit + 1)) {
    // The first bytes of frames are alike, so the skip may lie some bytes before the first difference.
    for (let back = 0; back <= Math.min(at, 4096); back++) {
      if (media[hit - back] !== rest[at - back]) break;
      if (startsAt(hit - back)) return hit;
    }
  }
  return null;
}

function commonBytes(one: Buffer, at: number, other: Buffer, place: number): number {
  const most = Math.min(one.length - at, other.length - place);
  let same = 0;
  while (same < most && one.compare(other, place + same, Math.min(place + same + 4096, place + most), at + same, Math.min(at + same + 4096, at + most)) === 0) same += 4096;
  while (same < most && one[at + same] === other[place + same]) same++;
  return Math.min(same, most);
}

/** Transport stream packets that only tell of a discontinuity, taken out; each must be followed by the counter it announces. */
function withoutMarkers(body: Buffer): { rest: Buffer; markers: number } {
  const announced = new Map<number, number>();
  const kept: Buffer[] = [];
  let markers = 0;
  for (let at = 0; at + 188 <= body.length; at += 188) {
    const packet = body.subarray(at, at + 188);
    const pid = packet.readUInt16BE(1) & 0x1fff;
    const [, , , control = 0, length = 0, flags = 0] = packet;
    if ((control & 0x30) === 0x20 && length === 183 && flags === 0x80) {
      announced.set(pid, control & 15);
      markers++;
      continue;
    }
    const counter = announced.get(pid);
    if (counter !== undefined && (control & 0x10) !== 0) assert.equal(control & 15, (counter + 1) & 15, `PID ${pid}`);
    announced.delete(pid);
    kept.push(packet);
  }
  return { rest: Buffer.concat(kept), markers };
}
