import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { exchange, splitAnswer } from '../support/raw-http.ts';
import { adminToken, openEveryPort } from './every-port.ts';
import type { EveryPort } from './every-port.ts';

/** Ways out of what is served, as they were tried on other servers. */
const escapes = [
  '/../../../../etc/passwd', '/%2e%2e/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2f..%2fetc%2fpasswd', '/%252e%252e%252fetc%252fpasswd', '/..%5c..%5cetc%5cpasswd', '/assets/../package.json', '/assets/%2e%2e/%2e%2e/package.json',
  '/assets/..%2f..%2fpackage.json', '/assets/weir.css/../../../package.json', '/assets//etc/passwd', '/assets/weir.css%00.js', '/assets/weir.css.', '/assets/', '/stat.json.', '/play/../../etc/passwd',
  '/play/%2e%2e%2f%2e%2e%2fetc%2fpasswd', '/ticking.raw/../../etc/passwd', '/push.raw.', '/push.raw%00', '/%00', '/%ff%fe', '/%', '/%zz', '/~root', '/.git/config', '/weir.yml', '/config', '/config.yml', 'http://weir.example/../../etc/passwd', '//etc/passwd', '/\\..\\..\\etc\\passwd',
] as const;

/** Absolute forms whose host no URL parser takes, and other targets that are hardly any. */
const targets = ['http://[/', 'http://[::1', 'http://]/', 'http://a:b:c/', 'http://xn--/', 'HTTP://%/', 'http:///', 'http://', '//a@[#x', '//[', '*', '/?', '/#', '/;', '/???&&&===', '/a:b', '/[::]'] as const;

/** What may stand where nothing, or something else, was expected. */
const authorizations = [null, '', 'Basic', 'Basic ', 'Basic !!!!', 'Basic Og==', 'Basic OjpzZWNyZXQ=', `Basic ${'A'.repeat(10_000)}`, 'Basic /////w==', 'Bearer', 'Bearer  ', 'Bearer \u00ff', 'Digest username="a"', 'Negotiate YII=', 'basic basic basic'] as const;

describe('requests that mean harm', () => {
  let every: EveryPort;
  before(async () => {
    every = await openEveryPort();
  });
  after(() => every.close());

  const services = (...names: readonly string[]): readonly { readonly name: string; readonly url: string }[] => every.ports.filter(({ name }) => names.includes(name));
  const get = async (url: string, target: string, headers = ''): Promise<string> => (await exchange(url, `GET ${target} HTTP/1.1\r\nHost: weir.example\r\n${headers}Connection: close\r\n\r\n`, () => false)).answer.toString('latin1');

  it('find no file, however they write the path', async () => {
    for (const { name, url } of every.ports) {
      for (const target of escapes) {
        const answer = await get(url, target);
        assert.match(answer.slice(0, 300), /^HTTP\/1\.1 (?:400|401|403|404) /, `${name}, ${target}`);
        assert.doesNotMatch(answer, /root:|"dependencies"|\[core\]/, `${name}, ${target}`);
      }
    }
  });

  it('are answered or hung up on whatever they ask for, and nothing fails', async () => {
    for (const { name, url } of every.ports) {
      for (const target of targets) assert.match(await get(url, target), /^HTTP\/1\.1 [2345]\d\d |^$/, `${name}, ${target}`);
      assert.match(await get(url, 'http://[/'), /^HTTP\/1\.1 (?:200|404) /, name);
    }
  });

  it('may say who they are in any way, or not at all', async () => {
    for (const { name, url } of services('standalone', 'control', 'ingest')) {
      for (const authorization of authorizations) {
        const header = authorization === null ? '' : `Authorization: ${authorization}\r\n`;
        const paths = name === 'ingest' ? [] : ['/admin/listeners', '/admin/stats'];
        for (const path of [...paths, ...(name === 'control' ? [] : ['/admin/metadata?mode=updinfo&mount=/push.raw&song=a'])]) assert.match(await get(url, path, header), /^HTTP\/1\.1 401 /, `${name}, ${path}, ${authorization}`);
        if (name === 'control') continue;
        const { answer } = await exchange(url, `SOURCE /push.raw HTTP/1.0\r\nContent-Type: application/octet-stream\r\n${header}\r\nmedia`, () => false);
        assert.match(answer.toString('latin1'), /^HTTP\/1\.1 401 /, `${name}, SOURCE, ${authorization}`);
      }
    }
  });

  it('may call the server whatever they like', async () => {
    for (const { name, url } of services('standalone', 'control', 'edge')) {
      for (const host of ['a:99999', '[:::', ':80', '%', 'a b', 'x'.repeat(300), '<script>']) {
        for (const path of ['/', '/stat', ...(name === 'edge' ? [] : ['/status-json.xsl', '/openapi.json'])]) {
          const { answer } = await exchange(url, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`, () => false);
          assert.match(answer.toString('latin1'), /^HTTP\/1\.1 (?:200|400) /, `${name}, ${path}, ${host}`);
        }
      }
    }
  });

  it('get JSON as JSON, whatever callback they name', async () => {
    for (const { name, url } of services('standalone', 'control', 'edge')) {
      const answer = splitAnswer(Buffer.from(await get(url, '/stat.json?callback=alert&jsonp=alert', 'Accept: text/javascript\r\n')));
      assert.match(answer.head, /\r\nContent-Type: application\/json/i, name);
      assert.match(answer.head, /\r\nX-Content-Type-Options: nosniff/i, name);
      assert.match(answer.body.toString(), /^\{|^[0-9a-f]+\r\n\{/, name);
    }
  });

  it('of pages of other sites read streams and status, and nothing of administration', async () => {
    for (const { name, url } of services('standalone', 'control', 'edge', 'ingest')) {
      for (const path of ['/stat.json', '/ticking.raw.m3u', '/admin/listeners', '/admin/stats', '/admin/metadata', '/nothing']) {
        const answer = await get(url, path, `Origin: https://harm.example\r\nAuthorization: Bearer ${adminToken}\r\n`);
        assert.doesNotMatch(answer, /Access-Control-Allow-Credentials|Access-Control-Allow-Origin: (?:https|null)/i, `${name}, ${path}`);
        if (path.startsWith('/admin/')) assert.doesNotMatch(answer, /Access-Control-Allow-Origin/i, `${name}, ${path}`);
      }
    }
  });

  it('change nothing without a token in a header, though they come from this machine', async () => {
    for (const { name, url } of services('standalone', 'control')) {
      const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as { paths: Record<string, Record<string, { security: readonly object[] }>> };
      const actions = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).filter((method) => method !== 'get').map((method) => ({ path, method: method.toUpperCase() })));
      assert.ok(actions.length >= 8);
      for (const { path, method } of actions) {
        assert.doesNotMatch(path, /config|feeds$|streams$|exec|command/, 'no call writes configuration');
        const target = `${url}${path.replaceAll(/\{\w+\}/g, 'ticking')}?token=${adminToken}`;
        assert.equal((await fetch(target, { method })).status, 401, `${name}, ${method} ${path}`);
        // As a form of another site would send it, with what a browser remembers.
        const login = Buffer.from(`admin:${adminToken}`).toString('base64');
        assert.equal((await fetch(target, { method, headers: { Authorization: `Basic ${login}`, 'Content-Type': 'application/x-www-form-urlencoded' }, ...(method === 'DELETE' ? {} : { body: 'a=b' }) })).status, 401);
        assert.equal((await fetch(target, { method, headers: { Authorization: `Bearer ${adminToken}`, Origin: 'https://harm.example' } })).status, 403);
      }
      for (const method of ['PUT', 'POST', 'PATCH', 'DELETE']) {
        for (const path of ['/config', '/api/config', '/weir.yml', '/v3/config/paths/add/a', '/api/v1/raw?rpc=update', '/stat.json']) {
          const answer = await fetch(url + path, { method, headers: { Authorization: `Bearer ${adminToken}` } });
          assert.ok([400, 404, 405].includes(answer.status), `${name}, ${method} ${path}: ${answer.status}`);
        }
      }
    }
  });

  it('have left no fault in a log, nor a line that they wrote themselves', async () => {
    for (const { name, url, path, process } of every.ports) {
      await get(url, `${path}?${'%0d%0a'}2026-01-01 00:00:00.000 error weir: forged`.replaceAll(' ', '%20'), 'User-Agent: a\u001b[31m\u0085b\r\nReferer: \u009b31m\r\n');
      assert.doesNotMatch(process.output, / error /, name);
      // oxlint-disable-next-line no-control-regex
      assert.doesNotMatch(process.output, /[\0-\x09\x0b-\x1f\x7f-\x9f]/, name);
    }
  });
});
