import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { createLogger, Metrics } from '@weir/telemetry';
import { pictureDecodesMax } from '../limits.ts';
import type { NewestGroup } from './newest-group.ts';
import { PictureDecoder } from './picture-decoder.ts';

const group: NewestGroup = { format: 'flv', parts: [Buffer.from('one'), Buffer.alloc(0), Buffer.alloc(300_000, 'x')], shown: '1.1', pid: null };
const wish = { format: 'jpg', quality: 85, width: null } as const;

describe('picture decoder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-pictures-'));
  const lines: string[] = [];
  const write = new Writable({ write: (line, _, done) => done(void lines.push(String(line))) });
  const logger = createLogger({ name: 'test', level: 'error', format: 'text', write });
  const decoderOf = (script: string): PictureDecoder => {
    const program = join(folder, `program-${script.length}`);
    writeFileSync(program, `#!/bin/sh\n${script}\n`);
    chmodSync(program, 0o755);
    return new PictureDecoder(program, logger, new Metrics('0', 'ingest'));
  };
  after(() => rmSync(folder, { recursive: true }));

  it('gives the program all parts and takes what it writes', async () => {
    const decoding = await decoderOf('exec wc -c').decode(group, wish);
    assert.equal(decoding.kind === 'picture' ? Number(Buffer.from(decoding.bytes).toString()) : decoding, 300_003);
  });

  it('runs a few at a time, and each of those that wait in its turn', async () => {
    const log = join(folder, 'log');
    const decoder = decoderOf(`echo + >>${log}; cat >/dev/null; sleep 0.1; echo - >>${log}; echo picture`);
    const decodings = await Promise.all(Array.from({ length: 6 }, () => decoder.decode(group, wish)));
    assert.deepEqual(decodings.map(({ kind }) => kind), Array.from({ length: 6 }, () => 'picture'));
    let running = 0;
    let most = 0;
    for (const mark of readFileSync(log, 'utf8').trim().split('\n')) most = Math.max(most, (running += mark === '+' ? 1 : -1));
    assert.equal(most, pictureDecodesMax);
  });

  it('has no picture of a program that fails, writes nothing, or writes too much', async () => {
    for (const [script, words] of [['echo x; echo bad >&2; exit 3', 'bad'], ['cat >/dev/null', 'no picture'], ['exec cat /dev/zero', 'larger than']] as const) {
      const decoding = await decoderOf(script).decode(group, wish);
      assert.ok(decoding.kind === 'none' && decoding.reason === 'failed' && decoding.description.includes(words), JSON.stringify(decoding));
    }
  });

  it('says once that the program is missing', async () => {
    const decoder = new PictureDecoder(join(folder, 'nothing'), logger, new Metrics('0', 'ingest'));
    for (let time = 0; time < 2; time++) assert.equal((await decoder.decode(group, wish)).kind, 'none');
    assert.equal(lines.filter((line) => line.includes('pictures need ffmpeg')).length, 1, lines.join(''));
  });

  it('ends what runs, and takes no more, when it closes', async () => {
    const decoder = decoderOf('exec sleep 60');
    const decodings = [0, 1, 2].map(() => decoder.decode(group, wish));
    await pause(100);
    await decoder.close();
    const reasons = (await Promise.all([...decodings, decoder.decode(group, wish)])).map((decoding) => (decoding.kind === 'none' ? decoding.reason : 'picture'));
    assert.deepEqual(reasons, ['failed', 'failed', 'busy', 'busy']);
  });
});
