import assert from 'node:assert/strict';
import test from 'node:test';
import { readPictureQuery, splitPicturePath } from './picture-query.ts';

const paths: readonly [path: string, stream: string | null][] = [
  ['/cam/hd.ts/pic', '/cam/hd.ts'],
  ['/stream/cam/pic', '/stream/cam'],
  ['/pic', '/'],
  ['/cam/pics', null],
  ['/cam.pic', null],
  ['/', null],
];
for (const [path, stream] of paths) {
  test(`picture path: ${path} asks for ${stream ?? 'none'}`, () => assert.equal(splitPicturePath(path), stream));
}

const queries: readonly [query: string, wish: object][] = [
  ['', { format: 'jpg', quality: 85, width: null }],
  ['format=png', { format: 'png', quality: 85, width: null }],
  ['quality=1&width=320', { format: 'jpg', quality: 1, width: 320 }],
  ['quality=100&other=x', { format: 'jpg', quality: 100, width: null }],
];
for (const [query, wish] of queries) {
  test(`picture query: "${query}" is read`, () => assert.deepEqual(readPictureQuery(new URLSearchParams(query)), { wish, wake: true }));
}

test('picture query: "wake=0" wakes nothing', () => assert.equal(readPictureQuery(new URLSearchParams('wake=0')).wake, false));

for (const query of ['format=gif', 'format=', 'quality=0', 'quality=101', 'quality=8.5', 'quality=-1', 'quality=', 'width=321', 'width=320,h=1', 'width=99999999999', 'wake=no']) {
  test(`picture query: "${query}" is refused by name`, () => {
    assert.throws(() => readPictureQuery(new URLSearchParams(query)), (error) => error instanceof RangeError && error.message.startsWith(query.split('=')[0] ?? '?'));
  });
}
