import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { eventually, pause } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { Icecast } from '../support/icecast.ts';
import { play } from '../support/player.ts';
import { writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

const tone = ['-nostdin', '-v', 'error', '-re', '-f', 'lavfi', '-i', 'sine=frequency=440', '-c:a', 'libmp3lame', '-b:a', '64k', '-flush_packets', '1'];

/** A SHOUTcast server of the old kind: `ICY 200 OK`, silence in MP3 frames, and a title in each block. */
function shoutcast(title: () => string): Server {
  const interval = 1000;
  const frame = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0xc4]), Buffer.alloc(413)]);
  return createServer((socket: Socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(`ICY 200 OK\r\nicy-metaint:${interval}\r\ncontent-type:audio/mpeg\r\n\r\n`);
      let rest = interval;
      const timer = setInterval(() => {
        for (let at = 0; at < frame.length; ) {
          const part = frame.subarray(at, at + rest);
          socket.write(part);
          at += part.length;
          rest -= part.length;
          if (rest > 0) continue;
          const text = Buffer.from(`StreamTitle='${title()}';`);
          const block = Buffer.alloc(1 + Math.ceil((text.length + 1) / 16) * 16);
          block[0] = (block.length - 1) / 16;
          text.copy(block, 1);
          socket.write(block);
          rest = interval;
        }
      }, 26);
      socket.once('close', () => clearInterval(timer));
    });
  });
}

describe('a relay', () => {
  let icecast: Icecast;
  let old: Server;
  let udpPort: number;
  let weir: Weir;
  let url: string;
  let remove: () => Promise<void>;
  const senders: ChildProcess[] = [];
  let title = '';
  const send = (argv: readonly string[]): void => void senders.push(spawn('ffmpeg', [...argv], { stdio: 'ignore' }));
  const sendTone = (mount: string): void => send([...tone, '-f', 'mp3', '-content_type', 'audio/mpeg', `icecast://source:hackme@127.0.0.1:${icecast.port}/${mount}.mp3`]);
  before(async () => {
    icecast = await Icecast.start();
    old = shoutcast(() => title);
    await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', resolve));
    udpPort = await freePort();
    for (const mount of ['one', 'two']) sendTone(mount);
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=192x108:rate=25', '-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g', '12'];
    send(['-nostdin', '-v', 'error', '-re', ...picture, '-f', 'mpegts', `udp://127.0.0.1:${udpPort}?pkt_size=1316`]);
    const dead = `http://127.0.0.1:${await freePort()}/none.mp3`;
    const configuration = await writeConfiguration({
      listen: '127.0.0.1:0',
      feeds: {
        icecast: { relay: `${icecast.url}/one.mp3` },
        backup: { relay: [dead, `${icecast.url}/nothing-here.mp3`, `${icecast.url}/two.mp3`] },
        old: { relay: `http://127.0.0.1:${(old.address() as AddressInfo).port}/` },
        datagrams: { relay: `udp://127.0.0.1:${udpPort}` },
      },
      streams: Object.fromEntries(['icecast', 'backup', 'old', 'datagrams'].map((feed) => [feed, { feed }])),
    });
    remove = configuration.remove;
    weir = new Weir(['up', '-f', configuration.file]);
    url = await weir.url();
    for (const mount of ['/one.mp3', '/two.mp3']) await eventually(`icecast2 has ${mount}`, async () => (await icecast.listeners(mount)) !== null);
  });
  after(async () => {
    for (const sender of senders) sender.kill('SIGKILL');
    await weir.stop('SIGKILL');
    await icecast.stop();
    old.close();
    await remove();
  });

  it('plays what icecast2 has, pulled once, and only while somebody listens', async () => {
    const [one, two] = await Promise.all([play(`${url}/icecast`, 3), play(`${url}/icecast`, 3), eventually('one pulls', async () => (await icecast.listeners('/one.mp3')) === 1)]);
    for (const { code, complaints, audio } of [one, two]) assert.deepEqual([code, complaints, audio > 60], [0, '', true]);
    await eventually('nobody pulls', async () => (await icecast.listeners('/one.mp3')) === 0, 8000);
    const head = await fetch(`${url}/icecast`, { method: 'HEAD' });
    assert.equal(head.status, 200);
  });

  it('takes the first of a list that works', async () => {
    const { code, complaints, audio } = await play(`${url}/backup`, 2);
    assert.deepEqual([code, complaints, audio > 40], [0, '', true]);
  });

  const setTitles = {
    old: async (next: string): Promise<void> => {
      title = next;
      await pause(0);
    },
    icecast: async (next: string): Promise<void> => {
      const update = `${icecast.url}/admin/metadata?mount=/one.mp3&mode=updinfo&charset=UTF-8&song=${encodeURIComponent(next)}`;
      assert.equal((await fetch(update, { headers: { Authorization: `Basic ${Buffer.from('source:hackme').toString('base64')}` } })).status, 200);
    },
  };
  for (const feed of ['old', 'icecast'] as const) {
    it(`carries titles on to listeners: ${feed}`, async () => {
      await setTitles[feed]('Björk - Jóga');
      const response = await fetch(`${url}/${feed}`, { headers: { 'Icy-MetaData': '1' } });
      assert.equal(response.headers.get('content-type'), 'audio/mpeg');
      const reader = response.body?.getReader();
      let text = '';
      const until = async (wanted: string): Promise<void> => {
        const deadline = performance.now() + 20_000;
        while (!text.includes(wanted)) {
          assert.ok(performance.now() < deadline, `no ${wanted}`);
          text += Buffer.from((await reader?.read())?.value ?? []).toString('utf8');
        }
      };
      await until("StreamTitle='Björk - Jóga';");
      await setTitles[feed]('Anton Bruckner - Ave Maria');
      await until("StreamTitle='Anton Bruckner - Ave Maria';");
      await reader?.cancel();
    });
  }

  it('goes on when icecast2 has died and is back, its listeners still there', async (t) => {
    let heard = 0;
    let ended = false;
    const abort = new AbortController();
    const response = await fetch(`${url}/icecast`, { signal: abort.signal });
    const listening = (async () => {
      for await (const bytes of response.body ?? []) heard += bytes.length;
    })().then(() => (ended = true), () => (ended = !abort.signal.aborted));
    await eventually('media flows', () => heard > 8000);
    await icecast.kill();
    await pause(3000);
    await icecast.resume();
    sendTone('one');
    await eventually('the source is back', async () => (await icecast.listeners('/one.mp3')) !== null);
    const [back, before] = [performance.now(), heard];
    await eventually('media flows again', () => heard > before + 8000, 30_000);
    t.diagnostic(`heard again ${((performance.now() - back) / 1000).toFixed(1)} s after the source was back on icecast2`);
    assert.equal(ended, false);
    abort.abort();
    await listening;
  });

  it('plays a transport stream that comes in datagrams', async () => {
    const { code, complaints, video } = await play(`${url}/datagrams`, 2);
    assert.deepEqual([code, complaints, video > 40], [0, '', true]);
  });
});
