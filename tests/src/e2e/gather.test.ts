import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

/** Half a second of MP3 with 128 kbit/s, and what a machine that is busy may add. */
const [gatherSeconds, lateBytes] = [0.5, 3 * 16_000];

describe('a stream that gathers its frames', () => {
  let weir: Weir;
  let url: URL;
  let remove: () => Promise<void>;
  before(async () => {
    const configuration = await writeConfiguration({
      listen: '127.0.0.1:0',
      feeds: { tone: { command: 'ffmpeg -nostdin -v error -re -f lavfi -i sine=frequency=330:sample_rate=44100 -c:a libmp3lame -b:a 128k -flush_packets 1 -f mp3 {out}' } },
      streams: { once: { feed: 'tone', path: '/once.mp3' }, gathered: { feed: 'tone', path: '/gathered.mp3', gather: `${gatherSeconds}s` } },
    });
    remove = configuration.remove;
    weir = new Weir(['up', '-f', configuration.file]);
    url = new URL(await weir.url());
  });
  after(async () => {
    await weir.stop();
    await remove();
  });

  /** Counts what comes, and how often: a read is a write of the server, as long as this process has time. */
  async function hear(path: string): Promise<{ reads: number; bytes: number; close: () => void }> {
    const heard = { reads: 0, bytes: 0, close: () => socket.destroy() };
    const socket = connect(Number(url.port), url.hostname, () => socket.write(`GET ${path} HTTP/1.0\r\n\r\n`));
    socket.on('data', (bytes) => {
      heard.reads++;
      heard.bytes += bytes.length;
    });
    await eventually(`${path} plays`, () => heard.bytes > 4000);
    return heard;
  }

  it('writes to its listeners so often and no more, and gives them all', async () => {
    const [once, gathered] = [await hear('/once.mp3'), await hear('/gathered.mp3')];
    const [readsBefore, bytesBefore, onceBefore, startedMillis] = [gathered.reads, gathered.bytes, once.bytes, performance.now()];
    const onceReadsBefore = once.reads;
    await eventually('so much has come', () => gathered.bytes - bytesBefore > 100_000, 60_000);
    const seconds = (performance.now() - startedMillis) / 1000;
    assert.ok(gathered.reads - readsBefore <= seconds / gatherSeconds + 2, `${gathered.reads - readsBefore} in ${seconds} s`);
    assert.ok(once.reads - onceReadsBefore > 2 * (gathered.reads - readsBefore), `${once.reads - onceReadsBefore}`);
    assert.ok(Math.abs(once.bytes - onceBefore - (gathered.bytes - bytesBefore)) < lateBytes);
    once.close();
    gathered.close();
  });
});
