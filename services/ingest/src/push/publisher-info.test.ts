import assert from 'node:assert/strict';
import test from 'node:test';
import { oneLine, publisherInfo } from './publisher-info.ts';

const nothing = { name: null, description: null, genre: null, url: null, bitrate: null, public: false };
const cases: readonly { name: string; headers: Record<string, string>; info: object }[] = [
  { name: 'nothing', headers: {}, info: nothing },
  {
    name: 'what Icecast clients send',
    headers: { 'ice-name': 'Radio', 'ice-description': 'All day', 'ice-genre': 'rock', 'ice-url': 'http://a', 'ice-bitrate': '128', 'ice-public': '1' },
    info: { name: 'Radio', description: 'All day', genre: 'rock', url: 'http://a', bitrate: 128, public: true },
  },
  { name: 'what SHOUTcast encoders send', headers: { 'icy-name': 'Radio', 'icy-br': '96', 'icy-pub': '1' }, info: { ...nothing, name: 'Radio', bitrate: 96, public: true } },
  { name: 'what x-audiocast encoders send', headers: { 'x-audiocast-name': 'Radio', 'x-audiocast-public': '0' }, info: { ...nothing, name: 'Radio' } },
  { name: 'the first of several', headers: { 'icy-name': 'second', 'ice-name': 'first', 'icy-pub': '1', 'ice-public': '0' }, info: { ...nothing, name: 'first' } },
  { name: 'the bit rate among the audio info', headers: { 'ice-audio-info': 'ice-samplerate=44100;ice-bitrate=192;ice-channels=2' }, info: { ...nothing, bitrate: 192 } },
  { name: 'no bit rate that is none', headers: { 'ice-bitrate': 'Quality 4', 'ice-name': '' }, info: nothing },
  { name: 'one line of each', headers: { 'ice-name': 'a\u0085b\u001bc\u2028d' }, info: { ...nothing, name: 'a b c d' } },
];
for (const { name, headers, info } of cases) {
  test(`publisher info: reads ${name}`, () => assert.deepEqual(publisherInfo(new Map(Object.entries(headers))), info));
}

test('one line: is bounded, and never ends in half a character', () => {
  assert.equal(oneLine('a'.repeat(1000), 10), 'a'.repeat(10));
  assert.equal(oneLine('ab🎵', 3), 'ab');
});
