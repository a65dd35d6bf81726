import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { writeConfiguration } from '../support/test-camera.ts';
import { runWeir } from '../support/weir.ts';
import { encoderCases, needs, severalFeedsTemplates, sourceCases } from './cases.ts';
import { shippedTemplates, templateFiles, templatesFolder } from './shipped.ts';

const streams = { tone: { command: 'ffmpeg -f lavfi -i sine -f mp3 {out}' } };
const byName = (a: string, b: string): number => (a < b ? -1 : 1);

describe('templates', () => {
  for (const include of [...templateFiles.map((name) => join(templatesFolder, name)), templatesFolder]) {
    it(`${include.slice(templatesFolder.length + 1) || 'all of them'}: resolves when it is included`, async () => {
      const { file, remove } = await writeConfiguration({ include, streams });
      const { code, output } = await runWeir(['check', '-f', file]);
      await remove();
      assert.equal(code, 0, output);
    });
  }

  it('are run by a test, each, or need what is named', () => {
    const run = [...encoderCases, ...sourceCases].map(({ template }) => template);
    const known = [...run, ...severalFeedsTemplates, ...Object.keys(needs)];
    assert.deepEqual(known.toSorted(byName), shippedTemplates().toSorted(byName));
  });

  it('that need what tests have not resolve with their defaults', async () => {
    const used = Object.keys(needs).filter((template) => template !== 'h264-nvenc');
    const { file, remove } = await writeConfiguration({
      include: templatesFolder,
      use: used.map((set) => ({ set, for: [set.startsWith('v4l2') ? { name: set, device: '/dev/video0' } : { name: set }] })),
      streams: { ...Object.fromEntries(used.map((set) => [set, { feed: set }])), nvenc: { feed: 'v4l2', encode: { use: 'h264-nvenc' } } },
    });
    const { code, output } = await runWeir(['check', '-f', file]);
    await remove();
    assert.equal(code, 0, output);
  });

  it('stand in the table of the README, each, and nothing else', () => {
    const rows = readFileSync(join(templatesFolder, 'README.md'), 'utf8').matchAll(/^\| `([\w-]+)` \|/gm);
    assert.deepEqual([...rows].map(([, name = '']) => name).toSorted(byName), shippedTemplates().toSorted(byName));
  });
});
