import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { createFramer } from '@weir/framers';
import type { FormatName } from '@weir/media';
import { unitsOf } from './units.ts';

/** What a live source plays: media that a real encoder made, each unit of it known by its checksum. */
export interface Content {
  readonly name: string;
  readonly format: FormatName;
  readonly file: string;
  /** Of each unit after the header twice its place in the file, and one more where a source may begin; then the end. */
  readonly indexFile: string;
  /** The checksum of each unit, as listeners are to get it. */
  readonly keysFile: string;
  readonly seconds: number;
}

const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=10'];
const sound = ['-f', 'lavfi', '-i', 'anoisesrc=color=pink:sample_rate=44100:amplitude=0.3'];
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '10', '-bf', '0', '-b:v', '60k'];

/** How each is made, and what it is called. */
const recipes: readonly { readonly name: string; readonly format: FormatName; readonly argv: readonly string[] }[] = [
  { name: 'ts', format: 'mpegts', argv: [...picture, ...sound, ...h264, '-c:a', 'aac', '-b:a', '32k', '-f', 'mpegts'] },
  { name: 'mp3', format: 'mp3', argv: [...sound, '-c:a', 'libmp3lame', '-b:a', '48k', '-id3v2_version', '0', '-write_xing', '0', '-f', 'mp3'] },
  { name: 'ogg', format: 'ogg', argv: [...sound, '-c:a', 'libopus', '-b:a', '48k', '-page_duration', '100000', '-f', 'ogg'] },
  { name: 'flv', format: 'flv', argv: [...picture, ...sound, ...h264, '-c:a', 'aac', '-b:a', '32k', '-flvflags', 'no_duration_filesize', '-f', 'flv'] },
  { name: 'webm', format: 'webm', argv: [...sound, '-c:a', 'libopus', '-b:a', '48k', '-cluster_time_limit', '500', '-live', '1', '-f', 'webm'] },
  { name: 'mp4', format: 'mp4', argv: [...picture, ...h264, '-movflags', 'frag_keyframe+empty_moov+default_base_moof', '-f', 'mp4'] },
  { name: 'mpjpeg', format: 'mpjpeg', argv: ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=4', '-q:v', '12', '-f', 'mpjpeg'] },
];

/**
 * Makes all of it in a folder.
 *
 * @param seconds how long each plays before it begins anew
 * @param only what is made; null: all
 */
export async function makeContents(folder: string, seconds: number, only: readonly string[] | null = null): Promise<readonly Content[]> {
  const contents: Content[] = [];
  for (const { name, format, argv } of recipes.filter((each) => only === null || only.includes(each.name))) {
    const file = join(folder, `${name}.media`);
    await encode([...argv, '-t', String(seconds), file]);
    const content: Content = { name, format, file, indexFile: `${file}.index`, keysFile: `${file}.keys`, seconds };
    await index(content);
    contents.push(content);
  }
  return contents;
}

function encode(argv: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    // `-t` counts for the output alone, so it stands before the file.
    const child = spawn('ffmpeg', ['-nostdin', '-v', 'error', ...argv], { stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`ffmpeg made no ${argv.at(-1)}: exit code ${code}`))));
  });
}

async function index({ format, file, indexFile, keysFile }: Content): Promise<void> {
  const entries: number[] = [];
  const keys: number[] = [];
  const framer = createFramer(format);
  let offset = 0;
  const bytes = await readFile(file);
  const take = (payload: Uint8Array, begins: boolean): void => {
    for (const [place, unit] of unitsOf(format, payload).entries()) {
      entries.push(offset * 2 + (begins && place === 0 ? 1 : 0));
      keys.push(crc32(unit));
      offset += unit.length;
    }
  };
  // In pieces, as a listener gets it.
  for (let at = 0; at < bytes.length; at += 4096) {
    framer.push(bytes.subarray(at, at + 4096), (frame) => frame.kind !== 'init' && take(frame.payload, frame.kind === 'random-access'));
  }
  framer.end((frame) => frame.kind !== 'init' && take(frame.payload, frame.kind === 'random-access'));
  if (framer.faults.skippedBytes > 0) throw new Error(`${file}: ${framer.faults.skippedBytes} bytes belong to no frame`);
  // What comes before is the header, which a source sends once.
  const first = entries.findIndex((entry) => entry % 2 === 1);
  await writeFile(indexFile, Uint32Array.from([...entries.slice(first), offset * 2]));
  await writeFile(keysFile, Uint32Array.from(keys.slice(first)));
}
