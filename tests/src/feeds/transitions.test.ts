import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually, pause } from '../support/eventually.ts';
import { StayingListener } from '../support/listeners.ts';
import { processesWith } from '../support/processes.ts';
import { newMark, writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

/** What a command that finds its predecessor still there ends with. */
const conflictCode = 99;

describe('listeners who come and go', () => {
  const mark = newMark();
  let weir: Weir;
  let url: string;
  let remove: () => Promise<void>;
  before(async () => {
    // The lock is let go when the last process that has it is gone.
    const folder = await writeConfiguration({});
    const alone = (name: string): string => `flock -n -E ${conflictCode} ${join(dirname(folder.file), name)}`;
    const configuration = await writeConfiguration({
      listen: '127.0.0.1:0',
      feeds: { tone: { active: '300ms', command: `${alone('feed')} ffmpeg -nostdin -v error -re -f lavfi -i sine=frequency=440 -c:a libmp3lame -b:a 64k -metadata title=${mark} -flush_packets 1 -f mp3 {out}` } },
      streams: {
        tone: { feed: 'tone' },
        aac: { feed: 'tone', encode: `${alone('encoder')} ffmpeg -nostdin -v error -f mp3 -probesize 4096 -analyzeduration 0 -i {in} -c:a aac -metadata title=${mark} -flush_packets 1 -f adts {out}` },
      },
    });
    remove = async () => {
      await configuration.remove();
      await folder.remove();
    };
    weir = new Weir(['up', '-f', configuration.file]);
    url = await weir.url();
  });
  after(async () => {
    await weir.stop('SIGKILL');
    await remove();
  });

  it('ten times a second, while a feed lingers, never have two of a command run, nor leave one', async (t) => {
    let [heard, processesMost] = [0, 0];
    const present: StayingListener[] = [];
    const ends = performance.now() + 8000;
    for (let step = 0; performance.now() < ends; step++) {
      // Pauses around the linger time, so that sources are woken as they are being stopped.
      const listener = StayingListener.listen(`${url}/${step % 3 === 0 ? 'tone' : 'aac'}`);
      present.push(listener);
      await pause((step * 37) % 170);
      if (present.length > step % 2) {
        const gone = present.shift();
        if ((gone?.bytes ?? 0) > 0) heard++;
        gone?.leave();
      }
      await pause((step * 53) % 70);
      if (step % 7 === 6) {
        for (const left of present.splice(0)) left.leave();
        await pause(250 + ((step * 29) % 150));
      }
      // ffmpeg and the lock's holder.
      processesMost = Math.max(processesMost, processesWith(mark).length);
    }
    for (const listener of present) listener.leave();
    await eventually('none is left', () => processesWith(mark).length === 0);
    const starts = weir.output.split('\n').filter((line) => line.includes('waking')).length;
    t.diagnostic(`${starts} starts, ${heard} listeners heard something, at most ${processesMost} processes`);
    assert.ok(starts >= 10 && heard >= 5, `${starts} starts, ${heard} heard`);
    assert.ok(!weir.output.includes(`code ${conflictCode}`), weir.output.slice(-3000));
    assert.ok(processesMost <= 4, `${processesMost} processes`);
  });

  it('find it as it was afterwards', async () => {
    const listener = StayingListener.listen(`${url}/aac`);
    await eventually('it plays', () => listener.bytes > 10_000);
    listener.leave();
    await eventually('none is left', () => processesWith(mark).length === 0);
  });
});
