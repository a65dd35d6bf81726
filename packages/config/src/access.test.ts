import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import fc from 'fast-check';
import { differenceOf } from './difference.ts';
import { parseHtpasswd } from './htpasswd.ts';
import { parseConfiguration } from './load.ts';
import { withMirrored } from './mirrored.ts';
import { problemLines, resolved } from './problem-lines.ts';
import { renderConfiguration } from './render.ts';
import type { Configuration } from './configuration.ts';

const bcrypt = '$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
const apr1 = '$apr1$0aB./xyz$sS3FZI.ov3nveOhB0cqJZ1';
const sha1 = '{SHA}DHsclwLrkhpE7rHl4/980kSJSyM=';

function inFolder(run: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'weir-access-'));
  try {
    writeFileSync(join(folder, 'users'), `# who\n\nalice:${bcrypt}\r\nbob:${apr1}\n__proto__:${sha1}\n`);
    writeFileSync(join(folder, 'keys'), 'sixteen-letters-1\nsixteen-letters-2\n');
    run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const text = (folder: string): string => `
access: { basic: { htpasswd_file: ${folder}/users }, allow: 10.0.0.0/8 }
feeds:
  f: { command: cat }
  p: { push: /p, source: { htpasswd_file: ${folder}/users, allow: "::1" } }
streams:
  usual: { feed: f }
  own: { feed: f, access: { signed: { key_file: ${folder}/keys }, deny: [10.0.0.1, "fd00::/8"] } }
  open: { feed: p, access: open }
`;

test('access: a stream has its own, else that of all; a mirrored one has that of all', () =>
  inFolder((folder) => {
    const { configuration, sources } = parseConfiguration(text(folder), 'weir.yml', {});
    const usual = { basic: { htpasswdFile: join(folder, 'users'), realm: 'weir' }, signed: null, allow: ['10.0.0.0/8'], deny: [] };
    const { streams, access } = withMirrored(configuration, [{ path: '/m', urls: [], active: { mode: 'continuous' }, mirror: { of: [], via: [] } }]);
    assert.deepEqual([streams['usual']?.access, streams['/m']?.access, access.listeners], [usual, usual, usual]);
    assert.deepEqual(streams['own']?.access, { basic: null, signed: { keyFile: join(folder, 'keys') }, allow: [], deny: ['10.0.0.1', 'fd00::/8'] });
    assert.equal(streams['open']?.access, null);
    assert.deepEqual(Object.entries(access.htpasswd[join(folder, 'users')] ?? {}), [['alice', bcrypt], ['bob', apr1], ['__proto__', sha1]]);
    assert.deepEqual(sources.slice(-2), [join(folder, 'users'), join(folder, 'keys')]);
    assert.deepEqual(parseConfiguration(renderConfiguration(configuration), 'rendered.yml', {}).configuration, configuration);
    assert.doesNotMatch(renderConfiguration(configuration), /E5YPO|sixteen|DHscl/);
  }));

test('access: a changed file alone is a difference, and starts nothing again', () =>
  inFolder((folder) => {
    const load = (): Configuration => resolved(text(folder));
    const before = load();
    writeFileSync(join(folder, 'users'), `alice:${bcrypt}\n`);
    const { access, changes } = differenceOf(before, load());
    assert.deepEqual([access, changes], [true, []]);
  }));

test('access: what makes no sense is told where it stands, without a hash', () =>
  inFolder((folder) => {
    writeFileSync(join(folder, 'bad'), `a:secret\nb:$6$salt$secret\n:${sha1}\nc:$2y$17$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW\nd:${sha1}\nd:${sha1}\nsecret\n`);
    writeFileSync(join(folder, 'short'), 'short\n');
    const stream = (access: string): readonly string[] => problemLines(`streams: { s: { command: cat, access: ${access} } }`).map((line) => line.replaceAll(folder, ''));
    const anew = 'the password is neither bcrypt, apr1 nor {SHA}: make the line anew with htpasswd -B FILE USER';
    assert.deepEqual(stream(`{ basic: { htpasswd_file: ${folder}/bad } }`), [
      `/bad:1:1: ${anew}`,
      `/bad:2:1: ${anew}`,
      '/bad:3:1: expected USER:HASH, as htpasswd -B writes it',
      '/bad:4:1: bcrypt with cost 17: make the line anew with cost 4 to 14: htpasswd -B -C 10 FILE USER',
      '/bad:6:1: this user has a line already',
      '/bad:7:1: expected USER:HASH, as htpasswd -B writes it',
    ]);
    assert.match(stream(`{ signed: { key_file: ${folder}/short } }`)[0] ?? '', /^\/short: expected 1 to 8 lines, each a key of at least 16 characters/);
    assert.match(stream(`{ basic: { htpasswd_file: ${folder}/none } }`)[0] ?? '', /htpasswd_file: .*there is no such file$/);
    for (const empty of ['{}', '{ allow: [] }', 'null', 'closed', '{ allow: [10.0.0.0/33] }', '{ basic: {} }']) assert.equal(stream(empty).length, 1, empty);
    assert.match(problemLines('access:\nstreams: { s: { command: cat } }')[0] ?? '', /access: expected open, or/);
  }));

test('htpasswd: any text is users and faults, which never show what stands behind the colon', () => {
  const hash = fc.constantFrom(bcrypt, apr1, sha1, 'plain-secret', '');
  const line = fc.oneof(fc.string({ maxLength: 60 }), fc.tuple(fc.string({ maxLength: 20 }), hash).map(([user, given]) => `${user}:${given}`), fc.constantFrom('', '#', ':', 'a:b:c'));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), fc.constantFrom('\n', '\r\n'), (lines, end) => {
      const { users, faults } = parseHtpasswd(lines.join(end));
      for (const [user, given] of users) assert.ok([bcrypt, apr1, sha1].includes(given) && !/[:\p{Cc}]/u.test(user) && user !== '');
      for (const { line: number, why } of faults) assert.ok(number >= 1 && !why.includes('secret'));
    }),
  );
});
