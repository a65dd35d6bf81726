import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { play } from '../support/player.ts';
import { writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

const ffmpeg = ['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', 'sine=frequency=440', '-t', '60', '-metadata', 'artist=Nina Simone', '-metadata', 'title=Sinnerman'];

/** A source program as its users run it, and what listeners are to see. */
interface Client {
  readonly name: string;
  readonly mount: string;
  readonly program: string;
  readonly argv: () => readonly string[];
  /** Where the program tells what is on beside the media. */
  readonly title?: string;
}

describe('a source program, unmodified', () => {
  let folder: string;
  let weir: Weir;
  let url: string;
  let remove: () => Promise<void>;
  const running: ChildProcess[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-clients-'));
    for (const [file, codec] of [['tone.mp3', ['-c:a', 'libmp3lame', '-b:a', '64k']], ['tone.ogg', ['-c:a', 'libvorbis', '-b:a', '64k']]] as const) {
      assert.equal(spawnSync('ffmpeg', [...ffmpeg, ...codec, join(folder, file)]).status, 0);
    }
    const configuration = await writeConfiguration({
      listen: '127.0.0.1:0',
      feeds: { live: { push: '/live/*', source: { password: 'hackme' } } },
      streams: { live: { feed: 'live', path: '/live/*' } },
    });
    remove = configuration.remove;
    weir = new Weir(['up', '-f', configuration.file, '--log-level', 'debug']);
    url = await weir.url();
    const port = Number(new URL(url).port);
    await writeFile(join(folder, 'list.txt'), `${join(folder, 'tone.ogg')}\n`);
    await writeFile(join(folder, 'ices.xml'), ices(port, folder));
    await writeFile(join(folder, 'ezstream.xml'), ezstream(port, folder), { mode: 0o600 });
  });
  after(async () => {
    for (const client of running) client.kill('SIGKILL');
    await weir.stop('SIGKILL');
    await remove();
    await rm(folder, { recursive: true, force: true });
  });

  const gstreamer = (mount: string, ...encoder: readonly string[]): readonly string[] => {
    const { hostname, port } = new URL(url);
    return ['-q', 'audiotestsrc', 'is-live=true', '!', 'audioconvert', '!', ...encoder, '!', 'shout2send', `ip=${hostname}`, `port=${port}`, 'password=hackme', `mount=${mount}`, 'streamname=Test'];
  };
  const tags = ['!', 'taginject', 'tags=title=Sinnerman,artist="Nina\\ Simone"'];
  const clients: readonly Client[] = [
    { name: 'IceS, Ogg', mount: '/live/ices.ogg', program: spawnSync('ices2', ['-V']).error === undefined ? 'ices2' : 'ices', argv: () => [join(folder, 'ices.xml')] },
    { name: 'ezstream, MP3 with titles', mount: '/live/ezstream.mp3', program: 'ezstream', argv: () => ['-c', join(folder, 'ezstream.xml')], title: 'Nina Simone - Sinnerman' },
    { name: 'GStreamer, MP3 with titles', mount: '/live/gst.mp3', program: 'gst-launch-1.0', argv: () => gstreamer('/live/gst.mp3', 'lamemp3enc', 'target=bitrate', 'bitrate=64', 'cbr=true', ...tags), title: 'Nina Simone - Sinnerman' },
    { name: 'GStreamer, Ogg', mount: '/live/gst.ogg', program: 'gst-launch-1.0', argv: () => gstreamer('/live/gst.ogg', 'vorbisenc', '!', 'oggmux') },
    { name: 'ffmpeg by PUT, Matroska', mount: '/live/ffmpeg.mkv', program: 'ffmpeg', argv: () => ['-re', ...ffmpeg, '-c:a', 'libopus', '-cluster_time_limit', '200', '-f', 'matroska', '-content_type', 'audio/x-matroska', `icecast://source:hackme@${new URL(url).host}/live/ffmpeg.mkv`] },
    { name: 'ffmpeg by SOURCE, Ogg', mount: '/live/ffmpeg.ogg', program: 'ffmpeg', argv: () => ['-re', ...ffmpeg, '-c:a', 'libvorbis', '-page_duration', '100000', '-f', 'ogg', '-content_type', 'audio/ogg', '-legacy_icecast', '1', `icecast://source:hackme@${new URL(url).host}/live/ffmpeg.ogg`] },
    { name: 'curl, which asks first whether a password is needed', mount: '/live/curl.mp3', program: 'curl', argv: () => ['-sS', '--anyauth', '--limit-rate', '16k', '-u', 'source:hackme', '-T', join(folder, 'tone.mp3'), `${url}/live/curl.mp3`] },
  ];

  // Together, since each plays in real time.
  it('all are taken', async () => {
    for (const { program, argv } of clients) running.push(spawn(program, [...argv()], { stdio: 'ignore', cwd: folder }));
    await Promise.all(
      clients.map(async ({ name, mount, title }) => {
        await eventually(`${name} is on`, async () => (await fetch(url + mount, { method: 'HEAD' })).status === 200);
        const [{ code, complaints, audio }, told] = await Promise.all([play(url + mount, 2), title === undefined ? undefined : heardTitle(url + mount, title)]);
        assert.deepEqual([name, code, complaints, audio > 20, told], [name, 0, '', true, title], weir.output.slice(-3000));
      }),
    );
    assert.doesNotMatch(weir.output, /info .*source refused/);
    assert.match(weir.output, /debug .*source refused path=\/live\/ices\.ogg .*status=401/);
    assert.doesNotMatch(weir.output, /hackme/);
  });
});

/** The title, once a listener is told it; else what it was told in its place. */
async function heardTitle(url: string, title: string): Promise<string> {
  const response = await fetch(url, { headers: { 'Icy-MetaData': '1' }, signal: AbortSignal.timeout(20_000) });
  let text = '';
  for await (const part of response.body ?? []) {
    text += Buffer.from(part as Uint8Array).toString('latin1');
    if (text.includes(`StreamTitle='${title}';`)) return title;
  }
  return text.match(/StreamTitle='.*?';/g)?.join(' ') ?? 'nothing';
}

/** IceS 2.0. */
function ices(port: number, folder: string): string {
  return `<?xml version="1.0"?>
<ices>
  <background>0</background><logpath>${folder}</logpath><logfile>ices.log</logfile><loglevel>1</loglevel><consolelog>0</consolelog>
  <stream>
    <metadata><name>Test</name></metadata>
    <input><module>playlist</module><param name="type">basic</param><param name="file">${join(folder, 'list.txt')}</param></input>
    <instance><hostname>127.0.0.1</hostname><port>${port}</port><password>hackme</password><mount>/live/ices.ogg</mount></instance>
  </stream>
</ices>
`;
}

/** ezstream 1.0 and later. */
function ezstream(port: number, folder: string): string {
  return `<ezstream>
  <servers><server><hostname>127.0.0.1</hostname><port>${port}</port><password>hackme</password></server></servers>
  <streams><stream><mountpoint>/live/ezstream.mp3</mountpoint><format>MP3</format></stream></streams>
  <intakes><intake><filename>${join(folder, 'tone.mp3')}</filename></intake></intakes>
</ezstream>
`;
}
