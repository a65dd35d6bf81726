import { configurationOf } from '@weir/config';
import { readPictureQuery, readStartQuery, splitPlaylistPath } from '@weir/edge/parsers';
import { parseMetadataQuery } from '@weir/ingest/parsers';
import { decodePictureRequest, encodePictureRequest } from '@weir/wire';
import assert from 'node:assert/strict';
import { texts } from '../target.ts';
import type { FuzzTarget } from '../target.ts';

const { streams } = configurationOf({ feeds: { a: { push: '/a', source: 'open' } }, streams: { a: { feed: 'a', path: '/b' } } }, 'fuzz');
const stream = Object.values(streams)[0] ?? assert.fail('no stream');

const words = ['&', '=', '%', '%00', '%zz', '%c3%a9', '%0d%0a', '+', '\xe9', '__proto__', 'constructor', '-1', '1e9', '0x10', '99999999999999999999', 'NaN', 'Infinity', ' ', '\0'] as const;

/** Whatever a parser gives, or nothing when it refuses the query as it may. */
function unlessRefused<T>(parse: () => T): T | null {
  try {
    return parse();
  } catch (error) {
    assert.ok(error instanceof RangeError, String(error));
    assert.doesNotMatch(error.message, /[\r\n]/);
    return null;
  }
}

const listener: FuzzTarget = {
  name: 'listener-query',
  seeds: texts('header=0&intra=1&join=live', 'join=12.5', 'format=png&quality=85&width=320&wake=0', 'header=1&header=0'),
  words: [...words, 'join=', 'header=', 'intra=', 'format=', 'quality=', 'width=', 'wake=', 'live', 'keyframe'],
  bytesMax: 4000,
  check: (input) => {
    const query = new URLSearchParams(input.toString('latin1'));
    const start = unlessRefused(() => readStartQuery(query, stream));
    if (start?.join.mode === 'behind') assert.ok(start.join.behindMillis >= 0 && start.join.behindMillis <= 60_000, `${start.join.behindMillis} ms`);
    const picture = unlessRefused(() => readPictureQuery(query));
    if (picture === null) return;
    // Its numbers reach a command line at the other end of the bus.
    const request = { ...picture.wish, waitMillis: 1000 };
    assert.deepEqual(decodePictureRequest(encodePictureRequest(request)), request);
  },
};

const metadata: FuzzTarget = {
  name: 'metadata-query',
  seeds: texts('mode=updinfo&mount=%2Flive&song=Artist%20-%20Title', 'song=J%F3ga&charset=ISO-8859-1', 'song=a+b&song=c&charset=utf-16'),
  words: [...words, 'song=', 'charset=', 'mount=', 'utf-7', 'utf-16', 'gb18030', 'iso-2022-jp'],
  bytesMax: 16_000,
  check: (input) => {
    const parameters = unlessRefused(() => parseMetadataQuery(input.toString('latin1')));
    for (const value of parameters?.values() ?? []) assert.ok(value.length <= input.length, 'more characters than bytes');
  },
};

/** A path, and in the next line a title. */
const playlist: FuzzTarget = {
  name: 'playlist',
  seeds: texts('/live.mp3.m3u\nRadio', '/live.pls\nR\xc3\xa9dio <&">', "/live.xspf\n'\u2028]]>"),
  words: ['.m3u', '.pls', '.xspf', '\n', '\r', '<', '&', ']]>', '\0', '\xe2\x80\xa8'],
  bytesMax: 2000,
  check: (input) => {
    const [path = '', ...title] = input.toString().split('\n');
    const split = splitPlaylistPath(path);
    if (split === null) return;
    assert.ok(path.startsWith(split.path) && path.length - split.path.length <= '.xspf'.length);
    const { body } = split.write({ url: 'http://a/b', title: title.join('\n') });
    const lines = body.split(/\r\n|\n|\r/).length;
    assert.ok(lines <= 8, `${lines} lines`);
    if (path.endsWith('.xspf')) assert.doesNotMatch(body.slice(body.indexOf('<title>') + 7, body.indexOf('</title>')), /[<>&](?!#\d+;)/);
  },
};

/** What clients ask. */
export const queryTargets: readonly FuzzTarget[] = [listener, metadata, playlist];
