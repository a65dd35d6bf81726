import { CommandSyntaxError, ConfigurationError, hashesOf, parseConfiguration, PushPatterns, renderConfiguration, splitCommand } from '@weir/config';
import { LoadUsageError, readLoadOptions } from '@weir/load/parsers';
import { readOptions, UsageError } from '@weir/standalone/parsers';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../../support/checkout.ts';
import { texts } from '../target.ts';
import type { FuzzTarget } from '../target.ts';

const examples = join(checkout, 'deploy/examples');

const yaml: FuzzTarget = {
  name: 'configuration',
  seeds: () => [
    ...readdirSync(examples).filter((name) => name.endsWith('.yml')).map((name) => readFileSync(join(examples, name))),
    ...texts(
      'feeds: {a: {push: /a/*, source: open}}\nstreams: {a: {feed: a, path: /b/*}}\n',
      'x: &a [1, 2]\ny: &b [*a, *a]\nz: &c [*b, *b]\nfeeds: *c\n',
      'templates: {sets: {s: {feeds: {"{name}": {command: "cat {device}"}}, streams: {"{name}": {feed: "{name}", path: "/{name}"}}}}}\nuse: [{set: s, for: [{name: a, device: /dev/x}, {name: constructor, device: "{out}"}]}]\n',
      'templates: {encoders: {mp3: "ffmpeg -i {in} -b:a {bitrate} -f mp3 {out}"}}\nfeeds: {a: {relay: "http://a/b"}}\nstreams: {a: {feed: a, path: /a, encode: {use: mp3, bitrate: 128k}}}\n',
    )(),
  ],
  words: [
    '&a ', '*a', '<<: *a', '<<: [*a, *b]', '__proto__: ', 'constructor: ', 'toString', 'hasOwnProperty', '{', '}', '[', ']', '{{', '}}', '{in}', '{out}', '{in.1}', '{name}', '${HOME}', '${X:-{name}}', '$$', '? ', '- ', ': ', '\n', '\n  ', '|\n', '>-\n', '!!binary ', '!!js/function ', '%YAML 1.1\n', '---\n',
    '...\n', "'", '"', '\\', '\t', '1e999', '.inf', '.nan', '0x7fffffff', '-1', '999999999999999999999h', '1e5s', 'null', '~', 'feeds: ', 'streams: ', 'templates: ', 'use: ', 'masters: ', 'path: /', 'push: /', 'fallback: ', '\u2028',
  ],
  bytesMax: 12 * 1024,
  check: (input) => {
    const text = input.toString();
    let configuration;
    try {
      ({ configuration } = parseConfiguration(text, 'fuzz.yml', { HOME: '/root' }));
    } catch (error) {
      assert.ok(error instanceof ConfigurationError, `${String(error)} is no ConfigurationError`);
      assert.ok(error.problems.length > 0 && error.problems.length <= text.length + 1000);
      for (const { line, column, message } of error.problems) assert.ok(line >= 0 && column >= 0 && !message.includes('\n'), message);
      return;
    }
    assert.equal(Object.getPrototypeOf(configuration.feeds), Object.prototype);
    assert.ok(Object.keys({}).length === 0 && !('polluted' in {}));
    for (const [name, { feed }] of Object.entries(configuration.streams)) assert.ok(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name) && Object.hasOwn(configuration.feeds, feed), name);
    hashesOf(configuration);
    const patterns = new PushPatterns(configuration);
    patterns.with(patterns.all.flatMap(({ feed }) => [`${feed}/anna`, `${feed}/constructor`, `${feed}/__proto__`, `${feed}/..`]));
    const rendered = renderConfiguration(configuration);
    assert.equal(renderConfiguration(parseConfiguration(rendered, 'rendered.yml', {}).configuration), rendered, 'what is rendered loads as something else');
  },
};

const command: FuzzTarget = {
  name: 'command',
  seeds: texts('ffmpeg -i {in} -c:a libmp3lame -f mp3 {out}', `sh -c 'a "b" c' "d \\" e" f\\ g`, 'a \\\n b | c > d'),
  words: ["'", '"', '\\', '\\\n', '\n', ' ', '|', '&&', '2>&1', '$(', '`', '\0', '{in}', '{{'],
  bytesMax: 20_000,
  check: (input) => {
    const text = input.toString();
    try {
      const words = splitCommand(text);
      assert.ok(words.reduce((length, word) => length + word.length, 0) <= text.length, 'more letters than there were');
      const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
      assert.deepEqual(splitCommand(quoted), words, 'what is quoted is split into other words');
    } catch (error) {
      assert.ok(error instanceof CommandSyntaxError, String(error));
    }
  },
};

/** Arguments, parted by line feeds. */
const argv: FuzzTarget = {
  name: 'arguments',
  seeds: texts(
    'up\n-f\nweir.yml\n--listen\n127.0.0.1:0\n--drain\n10s\n--workers\nauto',
    'serve\n--format\nmp3\n--\nffmpeg\n-f\nmp3\n{out}',
    'edge\n--nats\nnats://a\n--nats=nats://b\n--labels\na,b\n--log-level=debug',
    'http://127.0.0.1:8090/a\n--listeners\n100\n--ramp\n1s\n--slow\n0.1\n--rate\n64KiB\n--churn\n5',
  ),
  words: ['\n', '--', '-', '=', '--listeners', '--workers\n', '--drain\n', '--tls-cert\n', '--log-level=', '__proto__', '--constructor', '1e9', '99999999999999999999', '-1', 'NaN', 'http://', '\0'],
  bytesMax: 4000,
  check: (input) => {
    const words = input.toString().split('\n').filter((word) => !word.startsWith('--config-key-file'));
    try {
      const { workers, drainSeconds } = readOptions(words, {});
      assert.ok(workers === 'auto' || (workers >= 1 && workers <= 256));
      assert.ok(drainSeconds === null || (Number.isFinite(drainSeconds) && drainSeconds >= 0), `drain ${drainSeconds}`);
    } catch (error) {
      assert.ok(error instanceof UsageError, String(error));
    }
    try {
      const options = readLoadOptions(words);
      if (options !== null) assert.ok(Number.isSafeInteger(options.listeners) && options.durationMillis >= 0 && options.slowShare + options.stalledShare <= 1);
    } catch (error) {
      assert.ok(error instanceof LoadUsageError, String(error));
    }
  },
};


/** What whoever runs weir writes. */
export const configurationTargets: readonly FuzzTarget[] = [yaml, command, argv];
