import assert from 'node:assert/strict';
import test from 'node:test';
import { pagePlaybackOf, playbackOf } from './playback.ts';
import type { PagePlayback, Playback } from './playback.ts';

const cases: readonly [format: string | null, contentType: string | null, path: string, playback: Playback][] = [
  ['mpjpeg', 'multipart/x-mixed-replace;boundary=ffmpeg', '/a', 'image'],
  ['mp3', 'audio/mpeg', '/a', 'audio'],
  ['adts', 'audio/aac', '/a', 'audio'],
  ['wav', 'audio/wav', '/a', 'audio'],
  ['flac', 'audio/flac', '/a', 'audio'],
  ['ogg', 'audio/ogg; codecs=opus', '/a', 'audio'],
  ['ogg', 'video/ogg; codecs=theora', '/a', 'player'],
  ['webm', 'video/webm', '/a', 'video'],
  ['webm', 'audio/webm', '/a', 'audio'],
  ['mp4', 'video/mp4', '/a', 'video'],
  ['mp4', 'audio/mp4', '/a', 'audio'],
  ['mpegts', 'video/mp2t', '/a.mp3', 'player'],
  ['flv', 'video/x-flv', '/a', 'player'],
  ['matroska', 'video/x-matroska', '/a', 'player'],
  ['raw', 'application/octet-stream', '/a', 'player'],
  [null, 'audio/mpeg', '/a.ts', 'audio'],
  [null, null, '/radio.mp3', 'audio'],
  [null, null, '/cam/door.mjpg', 'image'],
  [null, null, '/cam.d/door', 'player'],
  [null, null, '', 'player'],
  ['tomorrow', null, '/a.webm', 'video'],
];
for (const [format, contentType, path, playback] of cases) {
  test(`playback: ${format} of ${contentType} at "${path}" is ${playback}`, () => {
    assert.equal(playbackOf({ format, contentType, path }), playback);
  });
}

const byPage: readonly [format: string, playback: PagePlayback][] = [
  ['mpegts', 'mpegts'],
  ['flv', 'flv'],
  ['matroska', 'video'],
  ['mp3', 'audio'],
  ['raw', 'player'],
];
for (const [format, playback] of byPage) {
  test(`playback: the play page plays ${format} with ${playback}`, () => assert.equal(pagePlaybackOf({ format, contentType: null, path: '/a' }), playback));
}
