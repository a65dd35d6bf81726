import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { processesWith } from '../support/processes.ts';
import { newMark, writeConfiguration } from '../support/test-camera.ts';
import { runWeir, Weir } from '../support/weir.ts';

describe('bad input', () => {
  it('prints every problem of a configuration with its place and exits with 78, nothing started', async () => {
    const mark = newMark();
    const { file, remove } = await writeConfiguration({
      feeds: { cam: { command: `sleep ${mark}`, active: 'continuous', stal: '3s' } },
      streams: { cam: { feed: 'came' }, other: { feed: 'cam', max_lag: 'long' } },
    });
    const { code, output } = await runWeir(['up', '-f', file]);
    assert.equal(code, 78);
    const problems = output.trim().split('\n');
    assert.equal(problems.length, 3, output);
    for (const problem of problems) assert.match(problem, /weir\.yml:\d+:\d+ (feeds|streams)\./);
    assert.match(output, /did you mean "cam"\?/);
    assert.match(output, /did you mean "stall"\?/);
    assert.deepEqual(processesWith(mark), []);
    await remove();
  });

  it('says which port is in use and exits with 1', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    assert.ok(address !== null && typeof address === 'object');
    const { code, output } = await runWeir(['serve', '--listen', `127.0.0.1:${address.port}`, '--', 'cat', '/dev/zero']);
    assert.equal(code, 1);
    assert.match(output, new RegExp(`port ${address.port} is in use by another program`));
    other.close();
  });

  it('makes a feed whose program is missing sad, tells why, and runs the rest', async () => {
    const { file, remove } = await writeConfiguration({
      listen: '127.0.0.1:0',
      feeds: {
        gone: { command: 'no-such-encoder -f mpegts {out}', start_timeout: '500ms' },
        good: { command: 'ffmpeg -v error -re -f lavfi -i sine -c:a libmp3lame -flush_packets 1 -f mp3 {out}' },
      },
      streams: { gone: { feed: 'gone' }, good: { feed: 'good' } },
    });
    const weir = new Weir(['up', '-f', file]);
    const url = await weir.url();
    const refused = await fetch(`${url}/gone`);
    assert.equal(refused.status, 503);
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
    const abort = new AbortController();
    const waiting = fetch(`${url}/gone`, { signal: abort.signal }).catch(() => null);
    const gone = await eventually('it is sad', async () => {
      const { feeds } = (await (await fetch(`${url}/stat.json`)).json()) as { feeds: { name: string; mood: string; lastError: string | null }[] };
      return feeds.find(({ name, mood }) => name === 'gone' && mood === 'sad');
    });
    assert.match(gone.lastError ?? '', /no-such-encoder: .*not found in PATH/);
    assert.match(weir.output, /error .*gone.*no-such-encoder/);
    abort.abort();
    await waiting;
    const good = await fetch(`${url}/good`);
    assert.equal(good.status, 200);
    await good.body?.cancel();
    assert.equal((await weir.stop()).code, 0);
    await remove();
  });

  it('says what it does when it is asked for nothing or for something else', async () => {
    for (const argv of [[], ['fly'], ['serve'], ['up', '--no-such-option'], ['serve', 'a', 'b']]) {
      const { code, output } = await runWeir(argv);
      assert.equal(code, 64, argv.join(' '));
      assert.match(output, /weir serve \[options\] -- COMMAND/);
    }
    assert.equal((await runWeir(['--help'])).code, 0);
    assert.match((await runWeir(['--version'])).output, /^weir \d+\.\d+\.\d+\n$/);
  });
});
