import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { eventually } from '../support/eventually.ts';
import { writeConfiguration } from '../support/test-camera.ts';
import { runWeir, Weir } from '../support/weir.ts';

test('log files: have a line for each listener, and what each command writes to its standard error, without secrets', async () => {
  const script = 'echo "opening rtsp://user:hackme@camera/" >&2; printf "bell \\\\007\\n" >&2; cat /dev/zero';
  const configuration = await writeConfiguration({
    listen: '127.0.0.1:0',
    feeds: { cam: { command: ['sh', '-c', script], format: 'raw' } },
    streams: { cam: { feed: 'cam' }, low: { feed: 'cam', format: 'raw', encode: ['sh', '-c', 'echo of the encoder >&2; cat'] } },
  });
  const folder = dirname(configuration.file);
  const [access, commands] = [join(folder, 'access.log'), join(folder, 'commands')];
  const weir = new Weir(['up', '-f', configuration.file, '--access-log', access, '--command-logs', commands]);
  const url = await weir.url();
  for (const path of ['/cam', '/low']) {
    const gone = new AbortController();
    const response = await fetch(url + path, { signal: gone.signal, headers: { 'User-Agent': 'tester "x"' } });
    await response.body?.getReader().read();
    gone.abort();
  }
  await eventually('both lines are there', async () => (await readFile(access, 'utf8').catch(() => '')).split('\n').length === 3);
  await weir.stop();
  const lines = (await readFile(access, 'utf8')).trimEnd().split('\n');
  assert.match(lines[0] ?? '', /^127\.0\.0\.1 - - \[[^\]]+\] "GET \/cam HTTP\/1\.1" 200 \d+ "-" "tester \\"x\\"" \d+\.\d 0 \S+$/);
  assert.deepEqual((await readdir(commands)).sort(), ['encoder-low.log', 'feed-cam.log']);
  const camera = await readFile(join(commands, 'feed-cam.log'), 'utf8');
  assert.match(camera, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} opening rtsp:\/\/\*\*\*@camera\/\n.* bell \\\\?[xu]\S+\n/);
  assert.match(await readFile(join(commands, 'encoder-low.log'), 'utf8'), / of the encoder\n/);
  assert.doesNotMatch(weir.output, /GET \/cam|of the encoder/);
  await configuration.remove();
});

test('log files: a folder that cannot be made is an error of the command line', async () => {
  const configuration = await writeConfiguration({ listen: '127.0.0.1:0', streams: { s: { command: 'cat /dev/zero', format: 'raw' } } });
  const { code, output } = await runWeir(['up', '-f', configuration.file, '--command-logs', '/dev/null/x']);
  assert.equal(code, 64);
  assert.match(output, /--command-logs \/dev\/null\/x: /);
  await configuration.remove();
});
