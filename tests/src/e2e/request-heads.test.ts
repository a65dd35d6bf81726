import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pause } from '../support/eventually.ts';
import { exchange, splitAnswer } from '../support/raw-http.ts';
import { cameraConfiguration, newMark, writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

/** Request heads as players send them, and what they need to see. */
const heads: readonly { player: string; head: readonly string[]; answer: readonly RegExp[]; never: readonly RegExp[] }[] = [
  {
    player: 'AppleCoreMedia, which probes with a range and forgets titles after a 206',
    head: ['GET /camera.mp3 HTTP/1.1', 'Host: radio.example', 'X-Playback-Session-Id: 0F6D3C2A', 'icy-metadata: 1', 'Range: bytes=0-1', 'Accept: */*', 'User-Agent: AppleCoreMedia/1.0.0.20G75 (iPhone; U; CPU OS 16_6 like Mac OS X; en_us)', 'Accept-Encoding: identity', 'Connection: keep-alive'],
    answer: [/^HTTP\/1\.1 200 /, /\r\nicy-metaint: 8192\r\n/, /\r\nContent-Type: audio\/mpeg\r\n/, /\r\nConnection: close\r\n/],
    never: [/\r\nContent-Range:/i, /\r\nAccept-Ranges:/i],
  },
  {
    player: 'Sonos, which refuses an identity coding',
    head: ['GET /camera.mp3 HTTP/1.1', 'Host: radio.example', 'User-Agent: Linux UPnP/1.0 Sonos/70.3-35220 (ZPS12)', 'Icy-MetaData: 1', 'Accept: */*', 'Connection: close'],
    answer: [/^HTTP\/1\.1 200 /, /\r\nTransfer-Encoding: chunked(\r\n|$)/],
    never: [/Transfer-Encoding: identity/i, /Content-Length/i],
  },
  {
    player: 'Winamp, of HTTP/1.0',
    head: ['GET /camera.mp3 HTTP/1.0', 'Host: radio.example', 'User-Agent: WinampMPEG/5.66', 'Accept: */*', 'Icy-MetaData:1', 'Connection: close'],
    answer: [/^HTTP\/1\.1 200 /, /\r\nicy-metaint: 8192\r\n/],
    never: [/Transfer-Encoding/i, /Content-Length/i],
  },
  {
    player: 'VLC, which always asks for a range',
    head: ['GET /camera.ts HTTP/1.1', 'Host: radio.example', 'Accept: */*', 'User-Agent: VLC/3.0.20 LibVLC/3.0.20', 'Range: bytes=0-', 'Icy-MetaData: 1'],
    answer: [/^HTTP\/1\.1 200 /, /\r\nContent-Type: video\/mp2t\r\n/],
    never: [/\r\nicy-metaint:/i, /\r\nContent-Range:/i],
  },
  {
    player: 'a browser page of another origin that reads titles',
    head: ['GET /camera.mp3 HTTP/1.1', 'Host: radio.example', 'Origin: https://station.example', 'Icy-MetaData: 1', 'Sec-Fetch-Mode: cors'],
    answer: [/\r\nAccess-Control-Allow-Origin: \*\r\n/, /\r\nAccess-Control-Expose-Headers: [^\r]*icy-metaint/],
    never: [/Access-Control-Allow-Credentials/i],
  },
];

describe('requests as players send them', () => {
  let weir: Weir;
  let url: string;
  let remove: () => Promise<void>;
  before(async () => {
    const configuration = await writeConfiguration(cameraConfiguration(newMark()));
    remove = configuration.remove;
    weir = new Weir(['up', '-f', configuration.file]);
    url = await weir.url();
  });
  after(async () => {
    await weir.stop('SIGKILL');
    await remove();
  });

  for (const { player, head, answer: expected, never } of heads) {
    it(`serves ${player}`, async () => {
      const { answer, socket } = await exchange(url, `${head.join('\r\n')}\r\n\r\n`, (bytes) => splitAnswer(bytes).body.length > 2000);
      socket.destroy();
      const text = splitAnswer(answer).head;
      for (const line of expected) assert.match(text, line);
      for (const line of never) assert.doesNotMatch(text, line);
    });
  }

  it('gives listeners who join together the same bytes', async () => {
    const keep = await exchange(url, 'GET /camera.ts HTTP/1.0\r\n\r\n', (bytes) => bytes.length > 50_000);
    for (let attempt = 1; ; attempt++) {
      const joins = Array.from({ length: 10 }, () => exchange(url, 'GET /camera.ts HTTP/1.0\r\n\r\n', (bytes) => bytes.length > 100_000));
      const bodies = (await Promise.all(joins)).map(({ answer, socket }) => {
        socket.destroy();
        return splitAnswer(answer).body;
      });
      const shortest = Math.min(...bodies.map(({ length }) => length));
      assert.ok(shortest > 90_000);
      const starts = new Set(bodies.map((body) => body.subarray(0, 20_000).toString('latin1')));
      if (starts.size > 1) {
        // A key frame came in between; those on either side of it have other starts.
        assert.ok(attempt < 5);
        await pause(300);
        continue;
      }
      for (const body of bodies) assert.equal(body.subarray(0, shortest).equals((bodies[0] ?? body).subarray(0, shortest)), true);
      break;
    }
    keep.socket.destroy();
  });
});
