import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { writeConfiguration } from '../support/test-camera.ts';
import { runWeir, Weir } from '../support/weir.ts';

const token = 'correct-horse-battery';
const environment = { WEIR_ADMIN_TOKEN: token };

describe('weir status and weir admin', () => {
  let weir: Weir;
  let url: string;
  let file: string;
  let remove: () => Promise<void>;
  before(async () => {
    const clock = ['node', '-e', "setInterval(() => process.stdout.write('t'.repeat(64)), 20)"];
    ({ file, remove } = await writeConfiguration({ listen: '127.0.0.1:0', feeds: { clock: { command: clock, format: 'raw', active: 'continuous' } }, streams: { clock: { feed: 'clock' } } }));
    weir = new Weir(['up', '-f', file, '--no-watch'], { environment });
    url = await weir.url();
    await eventually('the clock goes', async () => /"mood": "happy"/.test(await (await fetch(`${url}/stat.json`)).text()));
  });
  after(async () => {
    await weir.stop('SIGKILL');
    await remove();
  });

  const status = (...more: string[]): ReturnType<typeof runWeir> => runWeir(['status', '--url', url, ...more]);
  const admin = (...words: string[]): ReturnType<typeof runWeir> => runWeir(['admin', '--url', url, ...words], { environment });

  it('exits with 0 while all is well, and shows what runs', async () => {
    const { code, output } = await status();
    assert.equal(code, 0, output);
    assert.match(output, /^All is well\.$/m);
    assert.match(output, /^FEED +MOOD +FOR +RATE +RESTARTS +FORMAT +OWNER\nclock +happy +\d+ s +[\d.]+ kbit\/s +0 +raw +\S+$/m);
    assert.equal((JSON.parse((await status('--json')).output) as { name: string }).name, 'weir');
  });

  it('gives the token to no command', async () => {
    const { feeds } = JSON.parse((await status('--json')).output) as { feeds: { pid: number }[] };
    const inherited = await readFile(`/proc/${feeds[0]?.pid}/environ`, 'utf8');
    assert.ok(inherited.includes('PATH=') && !inherited.includes(token));
  });

  it('does what an administrator wants, and tells why not', async () => {
    assert.deepEqual(await admin('restart', 'feed', 'clock'), { code: 0, output: 'It is started again.\n' });
    assert.deepEqual(await admin('stop', 'feed', 'watch'), { code: 1, output: 'weir: There is no feed of this name.\n' });
    assert.match((await admin('listeners')).output, /^ID +EDGE +STREAM/);
    assert.equal((await admin('log-level', 'debug', 'ingest')).output, 'ingest logs debug.\n');
    assert.equal((await admin('restart')).code, 64);
    assert.equal((await runWeir(['admin', '--url', url, 'reload'])).code, 64);
    const good = await readFile(file, 'utf8');
    await writeFile(file, good.replace('"active"', '"actve"'));
    const refused = await admin('reload');
    assert.equal(refused.code, 1);
    assert.match(refused.output, /^weir: The configuration has mistakes: the old one stays\.\n {2}\S+:\d+:\d+ feeds\.clock\.actve: unknown key/);
    await writeFile(file, good.replace('"clock": {', '"broken": { "command": "false", "active": "continuous" }, "clock": {'));
    assert.equal((await admin('reload')).output, 'The configuration is reloaded.\n  feed broken: started\n');
  });

  it('exits with 2 while something is sad, and says what', async () => {
    const { output } = await eventually('it is sad', async () => {
      const told = await status();
      return told.code === 2 ? told : null;
    });
    assert.match(output, /^Look at this: feed broken is sad\.$/m);
    assert.match(output, /^broken: .*exit/m);
  });

  it('exits with 69 where nothing answers', async () => {
    const { code, output } = await runWeir(['status', '--url', `http://127.0.0.1:${await freePort()}`]);
    assert.equal(code, 69);
    assert.match(output, /nothing runs as far as can be seen/);
  });
});
