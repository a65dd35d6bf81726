import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { newMark, cameraConfiguration, writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

/** The user and group that nothing belongs to, on every system. */
const nobody = 65534;

/** Runs a program until it ends or the time is over; it is then told to stop, as a user would. */
function run(argv: readonly string[], seconds: number, as: { uid?: number; gid?: number } = {}): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const [program = '', ...rest] = argv;
    const child = spawn(program, rest, { ...as, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, HOME: tmpdir(), XDG_RUNTIME_DIR: tmpdir() } });
    let output = '';
    child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString('latin1')));
    child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString('latin1')));
    const term = setTimeout(() => child.kill('SIGINT'), seconds * 1000);
    const kill = setTimeout(() => child.kill('SIGKILL'), (seconds + 10) * 1000);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(term);
      clearTimeout(kill);
      resolve({ code, output });
    });
  });
}

describe('players', () => {
  let weir: Weir;
  let url: string;
  let remove: () => Promise<void>;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-players-'));
    const configuration = await writeConfiguration(cameraConfiguration(newMark()));
    remove = configuration.remove;
    weir = new Weir(['up', '-f', configuration.file]);
    url = await weir.url();
  });
  after(async () => {
    await weir.stop('SIGKILL');
    await remove();
    await rm(folder, { recursive: true, force: true });
  });

  it('curl gets the stream, with one header of each kind', async () => {
    const file = join(folder, 'curl.mp3');
    const head = join(folder, 'head');
    await run(['curl', '-sS', '--max-time', '3', '-D', head, '-o', file, `${url}/camera.mp3`], 10);
    assert.ok((await readFile(file)).length > 10_000);
    const names = (await readFile(head, 'latin1')).split('\r\n').slice(1).map((line) => line.split(':')[0]?.toLowerCase()).filter((name) => name !== '');
    assert.equal(new Set(names).size, names.length, names.join(' '));
  });

  it('wget gets the stream until it is told to stop', async () => {
    const file = join(folder, 'wget.mp3');
    await run(['wget', '-q', '-O', file, `${url}/camera.mp3`], 3);
    const bytes = await readFile(file);
    assert.ok(bytes.length > 10_000);
    assert.equal(bytes[0], 0xff);
  });

  it('ffplay plays the sound of the transport stream', async () => {
    const argv = ['ffplay', '-hide_banner', '-nodisp', '-stats', '-analyzeduration', '500k', `${url}/camera.ts`];
    const { output } = await run(['env', 'SDL_AUDIODRIVER=dummy', ...argv], 8);
    const clocks = [...output.matchAll(/^ *(\d+\.\d+) (?:M-A|M-V|A-V)/gm)].map(([, clock]) => Number(clock));
    assert.ok(clocks.length > 2 && (clocks.at(-1) ?? 0) > (clocks[0] ?? 0) + 1, output.slice(-2000));
  });

  it('VLC plays the sound and writes what it decodes', async () => {
    const file = join(folder, 'vlc.wav');
    const chain = `#transcode{acodec=s16l,channels=1,samplerate=22050}:std{access=file,mux=wav,dst=${file}}`;
    // VLC refuses to run as root.
    const as = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
    await chmod(folder, 0o777);
    const { output } = await run(['cvlc', '-I', 'dummy', '--no-video', '--run-time=3', '--sout', chain, `${url}/camera.mp3`, 'vlc://quit'], 20, as);
    assert.ok((await readFile(file)).length > 40_000, output);
  });

  it('mpv decodes the transport stream, picture and sound', async () => {
    const argv = ['mpv', '--no-config', '--vo=null', '--ao=null', '--length=3', '--no-terminal', '--msg-level=all=info', '--term-status-msg=', '--really-quiet=no', `${url}/camera.ts`];
    const { code, output } = await run(argv, 25);
    assert.equal(code, 0, output);
  });

  it('GStreamer decodes the picture and the sound', async () => {
    const sink = ['!', 'fakesink', 'num-buffers=25'];
    const { code, output } = await run(['gst-launch-1.0', '-q', 'souphttpsrc', `location=${url}/camera.ts`, 'is-live=true', '!', 'tsdemux', '!', 'h264parse', '!', 'avdec_h264', ...sink], 25);
    assert.equal(code, 0, output);
    const sound = await run(['gst-launch-1.0', '-q', 'souphttpsrc', `location=${url}/camera.mp3`, 'is-live=true', '!', 'decodebin', ...sink], 25);
    assert.equal(sound.code, 0, sound.output);
  });
});
