import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readPackets } from './ffmpeg.ts';
import { fixtures, readFixture } from './fixtures.ts';
import type { Fixture } from './fixtures.ts';
import { trace } from './trace.ts';

/** The init, and the first half of the frames from each random access frame to the next one. */
function halves(fixture: Fixture): { readonly init: Uint8Array; readonly groups: readonly Buffer[] } {
  const frames = trace(fixture.format, readFixture(fixture), [4096]).frames.map(({ frame }) => frame);
  const groups: Uint8Array[][] = [];
  for (const { kind, payload } of frames.slice(1)) {
    if (kind === 'random-access') groups.push([]);
    groups.at(-1)?.push(payload);
  }
  return { init: frames[0]?.payload ?? Buffer.alloc(0), groups: groups.map((group) => Buffer.concat(group.slice(0, Math.ceil(group.length / 2)))) };
}

// A ring leaves out what a listener is too slow for, up to a random access frame, which begins a cluster.
void describe('left-out blocks', { concurrency: 2 }, () => {
  for (const fixture of fixtures) {
    if ((fixture.format !== 'matroska' && fixture.format !== 'webm') || fixture.parts !== undefined) continue;
    void it(`${fixture.path}: nothing is strange about clusters that miss their ends`, async () => {
      const { init, groups } = halves(fixture);
      const [together, ...alone] = await Promise.all([groups, ...groups.map((group) => [group])].map((kept) => readPackets({ demuxer: fixture.format, bytes: Buffer.concat([init, ...kept]) })));
      assert.equal(together?.warnings, '');
      together?.streams.forEach(({ hashes }, index) => {
        for (const hash of alone.flatMap(({ streams }) => streams[index]?.hashes ?? [])) assert.ok(hashes.includes(hash), `packet ${hash} of stream ${index} is missing`);
      });
    });
  }
});
