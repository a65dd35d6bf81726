import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import * as z from 'zod';
import { loadConfiguration } from '../load.ts';
import { configurationSchema } from './json-schema.ts';

const examples = new URL('../../../../deploy/examples/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, examples), 'utf8');
const reference = read('reference.yml');
const fits = (value: unknown): boolean => z.fromJSONSchema(configurationSchema() as z.core.JSONSchema.JSONSchema).safeParse(value).success;

/** The keys that a user can write, each with its description. */
function keysOf(schema: unknown, keys = new Map<string, unknown>()): Map<string, unknown> {
  if (typeof schema !== 'object' || schema === null) return keys;
  if ('properties' in schema && typeof schema.properties === 'object' && schema.properties !== null) {
    for (const [key, value] of Object.entries(schema.properties) as [string, { description?: unknown }][]) keys.set(key, value.description);
  }
  for (const child of Object.values(schema)) keysOf(child, keys);
  return keys;
}

test('schema: the file beside the examples is the schema (after a change: npx weir schema > deploy/examples/weir.schema.json)', () => {
  assert.deepEqual(JSON.parse(read('weir.schema.json')), configurationSchema());
});

test('schema: describes every key, and the reference configuration has every key', () => {
  const keys = keysOf(configurationSchema());
  assert.ok(keys.size >= 25, `${keys.size} keys`);
  for (const [key, description] of keys) {
    assert.ok(typeof description === 'string' && description.length > 20, `${key} has no description`);
    assert.match(reference, new RegExp(`(?:^|[{,\\s])${key}:`, 'm'), `${key} is missing from reference.yml`);
  }
});

for (const name of readdirSync(examples).filter((file) => file.endsWith('.yml'))) {
  test(`examples: ${name} loads, fits the schema and names it in its first line`, () => {
    const text = read(name);
    assert.equal(text.split('\n')[0], '# yaml-language-server: $schema=./weir.schema.json');
    assert.ok(Object.keys(loadConfiguration([fileURLToPath(new URL(name, examples))], {}).configuration.streams).length > 0);
    assert.ok(fits(parse(text)));
  });
}

test('examples: the defaults that reference.yml shows are the defaults', () => {
  const path = fileURLToPath(new URL('reference.yml', examples));
  const { edge, feeds, streams } = loadConfiguration([path], {}).configuration;
  const { name: _feed, source: _source, format: _format, program: _program, on: _on, fallback: _fallback, ...shown } = feeds['camera'] ?? assert.fail();
  const { name: _other, source: _otherSource, format: _otherFormat, program: _otherProgram, on: _otherOn, fallback: _otherFallback, ...defaults } = feeds['tone'] ?? assert.fail();
  assert.deepEqual(shown, defaults);
  assert.deepEqual([edge.trustedProxies, edge.proxyProtocol], [[], false]);
  const { maxLagMillis, slow, join, startTimeoutMillis, graceMillis, stallMillis } = streams['camera-hd'] ?? assert.fail();
  const tone = streams['tone'] ?? assert.fail();
  assert.deepEqual({ ...tone, maxLagMillis, slow, join, startTimeoutMillis, graceMillis, stallMillis }, tone);
});

const values: readonly { name: string; value: unknown; fits: boolean }[] = [
  { name: 'a variable for a value of any type', value: { listen: '${LISTEN}', edge: { max_listeners: '${N}', max_bandwidth: '${B}', trusted_proxies: ['${P}'], proxy_protocol: '${Y}' }, streams: { a: { feed: 'x', stall: '${STALL:-1s}', slow: '${SLOW}' } }, feeds: { x: { file: 'x', restart: '${R}' } } }, fits: true },
  { name: 'a parameter for a value in a set', value: { templates: { sets: { s: { feeds: { '{n}': { command: 'x', stall: '{y}', restart: '{r}' } } } } } }, fits: true },
  { name: 'a parameter for a value elsewhere', value: { feeds: { n: { command: 'x', stall: '{y}' } } }, fits: false },
  { name: 'an unknown key', value: { feeds: { n: { comand: 'x' } } }, fits: false },
  { name: 'an unknown key in a set', value: { templates: { sets: { s: { feeds: { '{n}': { comand: 'x' } } } } } }, fits: false },
  { name: 'a duration without a unit that is known', value: { feeds: { n: { command: 'x', stall: '1x' } } }, fits: false },
  { name: 'a bit rate without a unit that is known', value: { edge: { max_bandwidth: '5MB/s' } }, fits: false },
  { name: 'a proxy by its name', value: { edge: { trusted_proxies: ['balancer'] } }, fits: false },
  { name: 'texts that look like numbers', value: { streams: { s: { feed: 'x', title: 101.5, genre: true, description: 'a 🎵' } } }, fits: true },
  { name: 'an empty section', value: { edge: null, feeds: null, streams: { s: { command: ['x', 5] } } }, fits: true },
];
for (const { name, value, fits: expected } of values) {
  test(`schema: ${expected ? 'takes' : 'refuses'} ${name}`, () => assert.equal(fits(value), expected));
}
