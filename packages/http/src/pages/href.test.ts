import assert from 'node:assert/strict';
import test from 'node:test';
import { edgeOrigin, hrefOf, urlOf } from './href.ts';

const hrefs: readonly [name: string, path: string, href: string][] = [
  ['leaves a valid path alone', '/cam/hd_1~2-3.ts', '/cam/hd_1~2-3.ts'],
  ['encodes quotes and angle brackets', `/a"b'c<d>`, '/a%22b%27c%3Cd%3E'],
  ['encodes what ends a path', '/a?b#c%20d', '/a%3Fb%23c%2520d'],
  ['encodes what a shell would act on', '/a;$(b)`c` d\n&', '/a%3B%24%28b%29%60c%60%20d%0A%26'],
  ['encodes UTF-8 bytes', '/ü/🎥', '/%C3%BC/%F0%9F%8E%A5'],
  ['replaces half a character', '/\ud83c', '/%EF%BF%BD'],
  ['names no other host', '//evil.example/x', '/evil.example/x'],
  ['names no other host with backslashes', '/\\evil.example', '/%5Cevil.example'],
  ['names no scheme', 'javascript:alert(1)', '/javascript%3Aalert%281%29'],
  ['is the root for nothing', '', '/'],
];
for (const [name, path, href] of hrefs) {
  test(`href: ${name}`, () => assert.equal(hrefOf(path), href));
}

const urls: readonly [origin: string, url: string | null][] = [
  ['http://127.0.0.1:8090', 'http://127.0.0.1:8090/a.ts'],
  ['https://radio.example', 'https://radio.example/a.ts'],
  ['http://[::1]:8090', 'http://[::1]:8090/a.ts'],
  ['http://a;reboot', null],
  ['http://$(reboot).example', null],
  ['http://a\nb', null],
  ['javascript://a', null],
  ['', null],
];
for (const [origin, url] of urls) {
  test(`url: from "${origin}" is ${url ?? 'refused'}`, () => assert.equal(urlOf(origin, '/a.ts'), url));
}

const edges: readonly [url: string, origin: string, edge: string | null][] = [
  ['http://10.0.0.2:8090', 'http://control.example:8091', 'http://10.0.0.2:8090'],
  ['http://localhost:8090', 'http://control.example:8091', 'http://control.example:8090'],
  ['http://127.0.0.1:8090', 'http://[::1]:8091', 'http://[::1]:8090'],
  ['http://[::1]:8090', 'http://10.0.0.9:8091', 'http://10.0.0.9:8090'],
  ['http://a; script-src *', 'http://10.0.0.9:8091', null],
  ['', 'http://10.0.0.9:8091', null],
  ['http://localhost:99999', 'http://10.0.0.9:8091', null],
];
for (const [url, origin, edge] of edges) {
  test(`edge origin: "${url}" seen from ${origin} is ${edge ?? 'none'}`, () => assert.equal(edgeOrigin(url, origin), edge));
}
