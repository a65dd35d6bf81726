import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { Expected } from './cases.ts';

/** One frame of a picture. */
export interface Picture {
  readonly seconds: number;
  readonly key: boolean;
  /** Mean, 16 to 235. */
  readonly luma: number;
}

/** What one listener got. */
export interface Heard {
  readonly code: number | null;
  /** All that ffmpeg said. */
  readonly said: string;
  readonly pictures: readonly Picture[];
}

/** The tone that all test sound is made of, in Hz. */
export const tone = 440;

/** Runs a program to its end, 60 s at most; its output and errors together. */
export function run(argv: readonly string[]): Promise<{ code: number | null; said: string }> {
  const [program = '', ...rest] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000, killSignal: 'SIGKILL' });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, said }));
  });
}

/** Decodes some seconds of a URL or file with ffmpeg, and looks at every picture (of a part of it) and listens for the tone. */
export async function listen(url: string, seconds: number, expected: Expected): Promise<Heard> {
  const part = expected.luma?.part === undefined ? '' : `crop=${expected.luma.part}:exact=1,`;
  const video = expected.video === undefined ? [] : ['-map', '0:v:0', '-vf', `${part}showinfo`];
  const audio = expected.audio === undefined ? [] : ['-map', '0:a:0', '-af', `bandpass=f=${tone}:width_type=q:w=3,volumedetect`];
  const { code, said } = await run(['ffmpeg', '-nostdin', '-hide_banner', '-nostats', '-v', 'level+info', '-xerror', '-analyzeduration', '500k', '-i', url, '-t', `${seconds}`, '-fps_mode', 'vfr', ...video, ...audio, '-f', 'null', '-']);
  const pictures = [...said.matchAll(/ pts_time:(\S+) .* iskey:(\d) .* mean:\[(\d+)/g)].map(([, time, key, luma]) => ({ seconds: Number(time), key: key === '1', luma: Number(luma) }));
  return { code, said, pictures };
}

/** Throws unless a listener of 3 seconds got what was expected, without an error. */
export function assertHeard({ code, said, pictures }: Heard, { video, audio, keyframes, luma }: Expected): void {
  assert.equal(code, 0, said);
  assert.doesNotMatch(said, /\[(?:error|fatal)\]/, said);
  const streams = [...said.split('Output #0')[0]!.matchAll(/Stream #0:\d.*: (?:Video|Audio): (\w+)/g)].map(([, codec]) => codec);
  assert.deepEqual(new Set(streams), new Set([video?.codec, audio].filter((codec) => codec !== undefined)), said);
  if (audio !== undefined) assert.ok(Number(/mean_volume: (\S+) dB/.exec(said)?.[1]) > -40, `the tone is not there:\n${said}`);
  if (video === undefined) return;
  assert.match(said, new RegExp(`Video: ${video.codec}.* ${video.size}\\b`));
  assert.ok(pictures.length >= 12, `${pictures.length} pictures`);
  assert.ok(pictures[0]?.key, 'the first picture is no key frame');
  const keys = pictures.filter(({ key }) => key).map(({ seconds }) => seconds);
  const steps = keys.slice(1).map((seconds, index) => seconds - keys[index]!);
  if (keyframes !== undefined) assert.ok(steps.length > 0 && steps.every((step) => Math.abs(step - keyframes) <= 0.11), `key frames at ${keys.join(', ')}`);
  if (luma !== undefined) assert.ok(pictures.at(-1)!.luma >= luma.min, `luma ${pictures.at(-1)!.luma}`);
}
