import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkout } from '../support/checkout.ts';
import { selfSigned } from '../support/self-signed.ts';
import { runWeir } from '../support/weir.ts';
import { Desk } from './desk.ts';
import { commandsOf, documented, documentedYaml, mentionedOptions } from './documented.ts';
import { elsewhere, nowhere } from './elsewhere.ts';
import { demoRuns, fleetRuns, standaloneRuns, upgradeRuns } from './runs.ts';
import type { Runs } from './runs.ts';
import { syntax } from './syntax.ts';

/** Each has a desk of its own. */
const parts: readonly { readonly name: string; readonly runs: Runs }[] = [
  { name: 'the demo, and a stream without a configuration', runs: demoRuns },
  { name: 'one process with a configuration', runs: standaloneRuns },
  { name: 'the services over NATS', runs: { ...fleetRuns, ...upgradeRuns } },
];

describe('documented commands', () => {
  const claims = [...parts.flatMap(({ runs }) => Object.keys(runs)), ...Object.keys(elsewhere), ...Object.keys(nowhere)];

  it('are each claimed once: run here, run by another test, or not to be run', () => {
    assert.deepEqual(claims.filter((claim, index) => claims.indexOf(claim) !== index), []);
    const unclaimed = documented().filter(({ command }) => !claims.includes(command));
    assert.deepEqual(unclaimed.map(({ place, command }) => `${place}: ${command}`), [], 'add them to tests/src/docs/runs.ts, or to elsewhere.ts with the reason');
    const commands = documented().map(({ command }) => command);
    assert.deepEqual(claims.filter((claim) => !commands.includes(claim)), [], 'claimed in tests/src/docs and in no page');
  });

  it('are found without their comments', () => {
    const page = 'A\n\n```sh\n# First.\na b   # c\n\nd "#e"\n```\n\n```yaml\nf: g\n```\n';
    assert.deepEqual(commandsOf('P.md', page), [{ command: 'a b', place: 'P.md:5' }, { command: 'd "#e"', place: 'P.md:7' }]);
  });

  for (const [command, { test, words }] of Object.entries(elsewhere)) {
    it(`have another test: ${command}`, () => {
      const source = readFileSync(join(checkout, test), 'utf8');
      for (const word of words) assert.ok(command.includes(word) && source.includes(word), `${word} does not stand in the command and in ${test}`);
    });
  }

  for (const command of [...Object.keys(elsewhere), ...Object.keys(nowhere)]) {
    const [program = '', ...words] = command.split(' ');
    const check = syntax[program];
    if (check !== undefined) it(`are right: ${command}`, () => check(words));
  }
});

describe('what the pages say beside', () => {
  it('configurations are right', async () => {
    const desk = await Desk.open();
    try {
      await desk.ends('ln -s deploy/templates templates');
      for (const { place, text } of documentedYaml()) {
        await desk.write('weir.yml', text.replaceAll('/run/secrets/', ''));
        await desk.write('studio', 'PASSWORD\n');
        await desk.write('listeners', 'anna:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n');
        await desk.write('links', `${'0123456789abcdef'.repeat(4)}\n`);
        await desk.ends(`weir check -f weir.yml # ${place}`);
      }
    } finally {
      await desk.close();
    }
  });

  it('options and verbs are those of --help', async () => {
    const [help, loadHelp] = await Promise.all([runWeir(['--help']), runWeir(['load', '--help'])]);
    const known = `${help.output}${loadHelp.output}`;
    const mentioned = mentionedOptions();
    assert.ok(mentioned.length > 20);
    for (const { place, words: [first = '', verb = '', ...rest] } of mentioned) {
      // `--set` is helm's; what follows `--` is of a script of package.json.
      if (first === '--set' || first === '--') continue;
      if (first === 'weir') assert.match(known, new RegExp(`^  weir ${verb}\\b`, 'm'), `${place}: weir ${verb}`);
      const options = [first, verb, ...rest].filter((word) => word.startsWith('--'));
      for (const option of options) assert.match(known, new RegExp(`${option.replace(/=.*/, '')}(?![\\w-])`), `${place}: ${option}`);
    }
  });
});

for (const { name, runs } of parts) {
  describe(`documented commands of ${name}`, () => {
    let desk: Desk;
    before(async () => {
      assert.ok(existsSync(join(checkout, '.setup/packages')), 'npm start would set this checkout up now, under the tests: npm run setup does it');
      desk = await Desk.open();
      await furnish(desk);
    });
    after(() => desk.close());

    for (const [command, run] of Object.entries(runs)) {
      it(command, async () => {
        await run(desk, command);
      });
    }
  });
}

/** Puts the reader's own files on a desk: the configuration is README's. */
async function furnish(desk: Desk): Promise<void> {
  const { cert, key } = selfSigned();
  const relays = /http:\/\/\w\.example\.org:8000/g;
  const sources = documentedYaml().find(({ text }) => text.includes('password_file'))?.text ?? '';
  await desk.write('weir.yml', sources.replace('/run/secrets/studio', 'password').replaceAll(relays, 'http://127.0.0.1:9'));
  await desk.write('password', 'PASSWORD\n');
  await desk.write('fullchain.pem', cert);
  await desk.write('privkey.pem', key);
  Object.assign(desk.environment, { CURL_CA_BUNDLE: join(desk.folder, 'fullchain.pem') });
  await desk.ends('ffmpeg -v error -f lavfi -i sine -t 30 -c:a libmp3lame -b:a 64k show.mp3 && cp show.mp3 jingles.mp3 && cp show.mp3 recording.mp3');
}
