import assert from 'node:assert/strict';
import test from 'node:test';
import { splitPlaylistPath } from './playlist.ts';

const entry = { url: 'http://h:8000/live.mp3', title: `A & "B" <c>\n'd'` };
const cases: readonly { path: string; of: string | null; contentType?: string; body?: RegExp }[] = [
  { path: '/live.mp3.m3u', of: '/live.mp3', contentType: 'audio/x-mpegurl', body: /^http:\/\/h:8000\/live\.mp3\r\n$/ },
  { path: '/live.mp3.pls', of: '/live.mp3', contentType: 'audio/x-scpls', body: /^\[playlist\]\r\nNumberOfEntries=1\r\nFile1=http:\/\/h:8000\/live\.mp3\r\nTitle1=A & "B" <c> 'd'\r\n/ },
  { path: '/live.mp3.xspf', of: '/live.mp3', contentType: 'application/xspf+xml', body: /<title>A &#38; &#34;B&#34; &#60;c&#62; &#39;d&#39;<\/title>/ },
  { path: '/live.mp3', of: null },
  { path: '/live.m3u8', of: null },
];
for (const { path, of, contentType, body } of cases) {
  test(`playlist: ${path} is ${of === null ? 'none' : `one of ${of}`}`, () => {
    const split = splitPlaylistPath(path);
    assert.equal(split?.path ?? null, of);
    if (split === null) return;
    const playlist = split.write(entry);
    assert.equal(playlist.contentType, contentType);
    assert.match(playlist.body, body ?? /./);
  });
}
