import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';
import { sourceCases } from './cases.ts';
import type { Case } from './cases.ts';
import { assertHeard, listen, run, tone } from './listener.ts';
import type { Heard } from './listener.ts';
import { RtspCamera } from './rtsp-camera.ts';
import { templatesFolder } from './shipped.ts';

const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=10'];
const sound = ['-f', 'lavfi', '-i', `sine=frequency=${tone}:sample_rate=48000`];
const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g', '10', '-c:a', 'aac', '-b:a', '64k'];
const camera = ['-re', ...picture, ...sound, ...codecs];

/** How another ffmpeg gives what a template pulls, or sends to where it listens. */
const senders: Readonly<Record<string, (port: string) => readonly string[]>> = {
  rtmp: (port) => ['-f', 'flv', '-listen', '1', `rtmp://127.0.0.1:${port}/live/camera`],
  srt: (port) => ['-f', 'mpegts', `srt://127.0.0.1:${port}?mode=listener`],
  http: (port) => ['-f', 'mpegts', '-listen', '1', `http://127.0.0.1:${port}/live.ts`],
  'rtmp-listen': (port) => ['-f', 'flv', `rtmp://127.0.0.1:${port}/live/me`],
  'srt-listen': (port) => ['-f', 'mpegts', `srt://127.0.0.1:${port}`],
};

describe('templates of sources', () => {
  let weir: Weir;
  let url: string;
  let folder: string;
  const undo: (() => unknown)[] = [];
  const ports = new Map<string, string>();
  const heard = new Map<string, Promise<readonly Heard[]>>();

  /** An ffmpeg that is started again whenever it ends, as those who send to a server do; returns what ends it for good. */
  function keep(words: readonly string[]): (signal: NodeJS.Signals) => void {
    let over = false;
    let child: ChildProcess;
    const start = (): void => {
      if (over) return;
      child = spawn('ffmpeg', ['-nostdin', '-y', '-v', 'error', ...words], { stdio: 'ignore' });
      child.once('exit', () => setTimeout(start, 100));
    };
    const stop = (signal: NodeJS.Signals): void => {
      over = true;
      child.kill(signal);
    };
    start();
    // One that waits for somebody to read its FIFO heeds nothing else.
    undo.push(() => stop('SIGKILL'));
    return stop;
  }

  function send(template: string): (signal: NodeJS.Signals) => void {
    return keep([...camera, ...senders[template]!(ports.get(template)!)]);
  }

  /** What a listener gets of one sender and, once that has gone, of the next. */
  async function takeTurns(each: Case): Promise<readonly Heard[]> {
    const first = send(each.template);
    const before = await listen(`${url}/${each.template}`, 2, each);
    first('SIGTERM');
    await eventually('the command has ended with its sender', () => weir.output.includes(`feed ${each.template}: ffmpeg exited`));
    send(each.template);
    return [before, await listen(`${url}/${each.template}`, 2, each)];
  }

  async function serveHls(): Promise<string> {
    keep([...camera, '-f', 'hls', '-hls_time', '1', '-hls_list_size', '5', '-hls_flags', 'delete_segments', join(folder, 'live.m3u8')]);
    const server = createServer((request, response) => {
      readFile(join(folder, (request.url ?? '').slice(1))).then((bytes) => response.end(bytes), () => response.writeHead(404).end());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    undo.push(() => server.close());
    return String((server.address() as AddressInfo).port);
  }

  async function openRtsp(): Promise<string> {
    const rtsp = new RtspCamera([...picture, ...sound], codecs);
    undo.push(() => rtsp.close());
    return String(await rtsp.open());
  }

  /** @returns the name of its screen */
  async function openScreen(): Promise<string> {
    const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '320x240x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    undo.push(() => server.kill());
    const [number] = (await once(server.stdio[3]!, 'data')) as [Buffer];
    return `:${number.toString().trim()}`;
  }

  /** A microphone of ALSA without a sound card: it gives what is written into a FIFO. */
  async function plugMicrophone(): Promise<Record<string, string>> {
    const fifo = join(folder, 'tone.fifo');
    const settings = join(folder, 'asound.conf');
    spawnSync('mkfifo', [fifo]);
    await writeFile(settings, `pcm.tone { type file slave.pcm { type null } file "/dev/null" infile "${fifo}" format "raw" }`);
    keep(['-re', ...sound, '-ac', '2', '-f', 's16le', fifo]);
    return { ALSA_CONFIG_PATH: settings };
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-templates-'));
    const film = (name: string, seconds: string, size: string): Promise<unknown> =>
      run(['ffmpeg', '-nostdin', '-v', 'error', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=10`, ...sound, ...codecs, '-t', seconds, join(folder, name)]);
    const [environment, screen, rtsp, hls] = await Promise.all([plugMicrophone(), openScreen(), openRtsp(), serveHls(), film('one.mp4', '1', '160x120'), film('two.mp4', '1.2', '128x128')]);
    await writeFile(join(folder, 'list.txt'), "file 'one.mp4'\nfile 'two.mp4'\n");
    for (const { template } of sourceCases) ports.set(template, template === 'rtsp' ? rtsp : template === 'hls' ? hls : String(await freePort()));
    for (const template of ['rtmp', 'srt', 'http']) send(template);

    const fill = (template: string, value: string | number): string | number =>
      typeof value === 'number' ? value : value.replace('FOLDER', folder).replace('SCREEN', screen).replace('PORT', ports.get(template)!);
    const use = sourceCases.map(({ template, parameters }) => ({
      set: template,
      for: [{ name: template, ...Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, fill(template, value)])) }],
    }));
    const streams = Object.fromEntries(sourceCases.map(({ template }) => [template, { feed: template }]));
    const configuration = await writeConfiguration({ listen: '127.0.0.1:0', include: templatesFolder, use, streams });
    undo.push(configuration.remove);
    await eventually('there is an HLS segment', () => readFile(join(folder, 'live.m3u8')).catch(() => null));
    weir = new Weir(['up', '-f', configuration.file], { environment });
    url = await weir.url();
    for (const each of sourceCases) heard.set(each.template, each.template.endsWith('-listen') ? takeTurns(each) : listen(`${url}/${each.template}`, 3, each).then((once) => [once]));
    // Each test awaits its own, later.
    for (const each of heard.values()) each.catch(() => undefined);
  });
  after(async () => {
    // A listener's ffmpeg would wait for its sender for ever.
    await weir.stop();
    for (const each of undo) await each();
    await rm(folder, { recursive: true });
  });

  for (const each of sourceCases) {
    const turns = each.template.endsWith('-listen') ? ', again when the sender has gone and another comes' : '';
    it(`${each.template}: ${[each.video?.codec, each.audio].filter(Boolean).join(' and ')} come out, and decode${turns}`, async () => {
      for (const one of await heard.get(each.template)!) assertHeard(one, each);
    });
  }
});
