import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { loginFailuresMax } from '@weir/http';
import { PushServer, TestFeed, testPasswordHash } from './pushing.testing.ts';

/** Three seconds of a tone: 24 kB of MP3. */
const tone = ['-hide_banner', '-loglevel', 'error', '-f', 'lavfi', '-i', 'sine=duration=3', '-c:a', 'libmp3lame', '-b:a', '64k', '-write_xing', '0', '-f', 'mp3'];

interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program to its end; gives what it wrote to both outputs. */
function run(program: string, args: readonly string[], input?: Uint8Array): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'pipe' });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', reject).on('close', (code) => resolve({ code, output }));
    child.stdin.on('error', () => {}).end(input);
  });
}

describe('pushing', () => {
  let server: PushServer;
  let passwordHash: string;
  const basic = `Basic ${Buffer.from('source:hackme').toString('base64')}`;
  before(async () => {
    server = await PushServer.start();
    passwordHash = await testPasswordHash();
  });
  after(() => server.close());

  const curl = (path: string, ...args: readonly string[]): Promise<Outcome> =>
    run('curl', ['-sS', '-u', 'source:hackme', '-w', '\n%{http_code}', ...args, `http://127.0.0.1:${server.port}${path}`], Buffer.alloc(300_000, 'x'));

  /** Sends text on a connection that stays open; gives it, and what it will have been told at its end. */
  function open(text: string, port = server.port): { write: (more: string) => void; end: () => void; told: Promise<string> } {
    const socket = connect(port, '127.0.0.1').setEncoding('latin1').on('error', () => {});
    let all = '';
    socket.on('data', (part: string) => (all += part));
    socket.write(text, 'latin1');
    return {
      write: (more) => void socket.write(more, 'latin1'),
      end: () => void socket.end(),
      told: new Promise((resolve) => socket.on('close', () => resolve(all))),
    };
  }

  const source = (path: string, ...headers: readonly string[]): string => [`SOURCE ${path} ICE/1.0`, `Authorization: ${basic}`, ...headers, '', ''].join('\r\n');

  for (const [name, args] of [
    ['chunked', ['-T', '-']],
    ['with a length', ['-T', '-', '-H', 'Content-Length: 300000', '-H', 'Transfer-Encoding:']],
    ['as a form that is none', ['--data-binary', '@-']],
  ] as const) {
    it(`takes what curl sends ${name}`, async () => {
      const feed = new TestFeed('/live', { passwordHash });
      server.serve(feed);
      assert.deepEqual(await curl('/live', ...args), { code: 0, output: '\n200' });
      const end = await feed.ended();
      assert.equal(end.kind, 'finished');
      assert.match(end.description, /^127\.0\.0\.1 \(curl\/[\d.]+\): end of its stream$/);
      assert.equal(feed.body.length, 300_000);
      assert.deepEqual(feed.formats, []);
    });
  }

  const icecastUrl = (path: string): string => `icecast://source:hackme@127.0.0.1:${server.port}${path}`;

  it('takes what ffmpeg sends with PUT', async () => {
    const feed = new TestFeed('/live.mp3', { passwordHash });
    server.serve(feed);
    const expected = await run('sh', ['-c', `ffmpeg ${tone.join(' ')} - | wc -c`]);
    const sent = await run('ffmpeg', [...tone, '-content_type', 'audio/mpeg', '-ice_name', 'Test Radio', icecastUrl('/live.mp3')]);
    assert.deepEqual(sent, { code: 0, output: '' });
    assert.equal((await feed.ended()).kind, 'finished');
    assert.equal(feed.body.length, Number(expected.output));
    assert.deepEqual(feed.formats, ['mp3']);
  });

  it('takes what ffmpeg sends with SOURCE', async () => {
    const feed = new TestFeed('/live.mp3', { passwordHash });
    server.serve(feed);
    const sent = run('ffmpeg', ['-re', ...tone, '-legacy_icecast', '1', '-content_type', 'audio/mpeg', '-ice_name', 'Test Radio', icecastUrl('/live.mp3')]);
    await feed.until(() => feed.body.length > 8000);
    assert.deepEqual([feed.formats, feed.point.info?.name], [['mp3'], 'Test Radio']);
    assert.deepEqual(await sent, { code: 0, output: '' });
    // It never reads the answer to SOURCE, so that its close resets the connection.
    assert.equal((await feed.ended()).kind, 'finished');
  });

  it('takes what a SHOUTcast encoder sends', async () => {
    const [other, feed] = [new TestFeed('/other', { passwordHash: await testPasswordHash('other') }), new TestFeed('/live', { passwordHash })];
    server.serve(other, feed);
    const encoder = open('hackme\r\n', server.shoutcastPort);
    encoder.write('icy-name:Radio\r\nicy-br:64\r\ncontent-type:audio/aacp\r\n\r\nmedia');
    await feed.until(() => feed.body.length === 5);
    assert.deepEqual([feed.formats, feed.point.info?.name, feed.point.info?.bitrate], [['adts'], 'Radio', 64]);
    assert.equal(await open('hackme\r\n', server.shoutcastPort).told, 'Mountpoint in use\r\n');
    assert.equal(await open('letmein\r\n', server.shoutcastPort).told, 'invalid password\r\n');
    encoder.end();
    assert.equal((await feed.ended()).kind, 'finished');
    assert.equal(await encoder.told, 'OK2\r\nicy-caps:11\r\n\r\n');
  });

  const formats: readonly [type: string, formats: readonly string[]][] = [
    ['', ['mp3']],
    ['Content-Type: application/ogg', ['ogg']],
    ['Content-Type: video/MP2T; charset=x', ['mpegts']],
    ['Content-Type: application/octet-stream', []],
    ['Content-Type: text/plain', []],
  ];
  for (const [type, expected] of formats) {
    it(`goes by "${type}"`, async () => {
      const feed = new TestFeed('/live', { passwordHash });
      server.serve(feed);
      open(`${source('/live', ...(type === '' ? [] : [type]))}media`).end();
      await feed.ended();
      assert.deepEqual([feed.formats, feed.body.toString()], [expected, 'media']);
    });
  }

  it('takes titles out of a source that interleaves them', async () => {
    const feed = new TestFeed('/live', { passwordHash });
    server.serve(feed);
    open(`${source('/live', 'icy-metaint: 4')}medi\x02StreamTitle='A - B';\0\0\0\0\0\0\0\0\0\0\0\0a`).end();
    await feed.ended();
    assert.deepEqual([feed.titles, feed.body.toString()], [['A - B'], 'media']);
  });

  it('holds a publisher until its feed is open, and loses nothing', async () => {
    const feed = new TestFeed('/live', { passwordHash });
    feed.opens = false;
    server.serve(feed);
    const publisher = open(`${source('/live')}early`);
    while (!feed.point.taken) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(feed.point.setTitle('A - B'), true);
    feed.opens = true;
    feed.point.options.onArrival();
    publisher.write(' and late');
    await feed.until(() => feed.body.length === 14);
    assert.deepEqual([feed.titles, feed.formats, feed.body.toString()], [['A - B'], ['mp3'], 'early and late']);
    publisher.end();
    await feed.ended();
    assert.deepEqual([feed.point.info, feed.left], [null, 1]);
  });

  it('forgets a publisher that its feed never opens', async () => {
    const feed = new TestFeed('/live', { passwordHash, timeoutMillis: 200 });
    feed.opens = false;
    server.serve(feed);
    assert.match(await open('PUT /live HTTP/1.1\r\nAuthorization: ' + basic + '\r\n\r\nmedia').told, /^HTTP\/1\.1 408 /);
    assert.deepEqual([feed.point.occupied, feed.left], [false, 1]);
  });

  it('refuses a publisher whose feed has one at another ingest', async () => {
    const feed = new TestFeed('/live', { passwordHash });
    feed.claimable = false;
    server.serve(feed);
    assert.match((await curl('/live', '-T', '-')).output, /^Mountpoint in use[^]*\n409$/);
    assert.equal(feed.point.occupied, false);
  });

  it('refuses a second publisher, and takes the next after the first', async () => {
    const feed = new TestFeed('/live', { passwordHash });
    server.serve(feed);
    const first = open(`${source('/live')}first`);
    await feed.until(() => feed.body.length === 5);
    const { output } = await curl('/live', '-T', '-');
    assert.match(output, /^Mountpoint in use[^]*\n409$/);
    first.end();
    await feed.ended();
    assert.deepEqual(await curl('/live', '-T', '-'), { code: 0, output: '\n200' });
  });

  it('lets a second publisher take over where that is allowed', async () => {
    const feed = new TestFeed('/live', { passwordHash, takeover: true });
    server.serve(feed);
    const first = open(`PUT /live HTTP/1.1\r\nAuthorization: ${basic}\r\nContent-Type: audio/mpeg\r\n\r\nfirst`);
    await feed.until(() => feed.body.length === 5);
    const second = open(`${source('/live', 'User-Agent: butt', 'Content-Type: application/ogg')}second`);
    const end = await feed.ended();
    assert.equal(end.kind, 'stopped');
    assert.match(end.description, /^127\.0\.0\.1: 127\.0\.0\.1 \(butt\) took its place$/);
    assert.match(await first.told, /^HTTP\/1\.1 503 /);
    await feed.until(() => feed.body.toString() === 'firstsecond');
    assert.deepEqual([feed.formats, feed.left], [['mp3', 'ogg'], 0]);
    second.end();
    assert.equal((await feed.ended(2)).kind, 'finished');
    assert.equal(feed.left, 1);
  });

  it('gives up a publisher that falls silent', async () => {
    const feed = new TestFeed('/live', { passwordHash, timeoutMillis: 200 });
    server.serve(feed);
    const publisher = open(`${source('/live', 'User-Agent: b\x01utt')}media`);
    assert.deepEqual(await feed.ended(), { kind: 'failed', description: '127.0.0.1 (b utt): nothing came for 0.2 s' });
    assert.equal(await publisher.told, 'HTTP/1.0 200 OK\r\n\r\n');
  });

  it('is stopped by its feed, by a change of the configuration and by DELETE', async () => {
    const feed = new TestFeed('/live', { passwordHash });
    server.serve(feed);
    const stops: readonly [() => unknown, RegExp][] = [
      [() => feed.source?.stop('no media for 10 s'), /: no media for 10 s$/],
      [() => server.serve(new TestFeed('/live', { passwordHash })), /the configuration has changed$/],
      [() => curl('/live', '-X', 'DELETE'), /ended it by DELETE$/],
    ];
    for (const [index, [stop, reason]] of stops.entries()) {
      server.serve(feed);
      const publisher = open(`${source('/live')}media`);
      await feed.until(() => feed.body.length === 5 * (index + 1));
      void stop();
      const end = await feed.ended(index + 1);
      assert.equal(end.kind, 'stopped');
      assert.match(end.description, reason);
      await publisher.told;
    }
    assert.match((await curl('/live', '-X', 'DELETE')).output, /Nobody pushes[^]*404$/);
  });

  const refusals: readonly { name: string; args: readonly string[]; path: string; told: RegExp }[] = [
    { name: 'no password with 401', args: ['-u', ':', '-T', '-'], path: '/live', told: /WWW-Authenticate: Basic realm="weir"[^]*\n401$/i },
    { name: 'a wrong password with 401', args: ['-u', 'source:letmein', '-T', '-'], path: '/live', told: /password is wrong[^]*\n401$/ },
    { name: 'a wrong user with 401', args: ['-u', 'admin:hackme', '-T', '-'], path: '/live', told: /\n401$/ },
    { name: 'DELETE with a wrong password with 401', args: ['-u', 'source:letmein', '-X', 'DELETE'], path: '/live', told: /\n401$/ },
    { name: 'an unknown path with 404, without a word about others', args: ['-T', '-'], path: '/lives', told: /^(?![^]*\/live\b)[^]*No feed is pushed to at this path[^]*\n404$/ },
    { name: 'an unknown coding with 501', args: ['-T', '-', '-H', 'Transfer-Encoding: gzip'], path: '/live', told: /\n501$/ },
  ];
  for (const { name, args, path, told } of refusals) {
    it(`refuses ${name}`, async () => {
      const feed = new TestFeed('/live', { passwordHash });
      server.serve(feed);
      assert.match((await curl(path, '-i', ...args)).output, told);
      assert.equal(feed.point.taken, false);
    });
  }

  for (const [type, status] of [['audio/mpeg', 200], ['video/webm', 200], ['video/x-matroska', 200], ['text/plain', 200], ['audio/ogg', 415], ['video/mp2t', 415]] as const) {
    it(`answers ${type} with ${status} where the feed is configured to be webm`, async () => {
      const feed = new TestFeed('/live', { passwordHash, format: 'webm' });
      server.serve(feed);
      assert.match((await curl('/live', '-H', `Content-Type: ${type}`, '-T', '-')).output, new RegExp(`${status === 415 ? 'The feed is webm[^]*' : ''}\n${status}$`));
      assert.equal(feed.ends.length > 0 || feed.point.taken, status === 200);
    });
  }

  it('takes anybody where a feed is open', async () => {
    const feed = new TestFeed('/live');
    server.serve(feed);
    assert.match((await curl('/live', '-u', ':', '-T', '-')).output, /200$/);
    assert.equal((await feed.ended()).kind, 'finished');
  });

  it('answers OPTIONS without a password', async () => {
    server.serve(new TestFeed('/live', { passwordHash }));
    for (const args of [['-X', 'OPTIONS'], ['-X', 'OPTIONS', '--request-target', '*']]) {
      assert.match((await curl('/live', '-u', ':', '-i', ...args)).output, /^HTTP\/1\.1 204 [^]*\r\nAllow: [^\r]*PUT[^\r]*SOURCE[^]*204$/);
    }
  });

  it('answers late who has guessed too often', async () => {
    const other = await PushServer.start();
    const feed = new TestFeed('/live', { passwordHash });
    other.serve(feed);
    const guess = (): Promise<Response> => fetch(`http://127.0.0.1:${other.port}/live`, { method: 'PUT', headers: { Authorization: `Basic ${Buffer.from('source:no').toString('base64')}` }, body: 'media' });
    for (let count = 0; count < loginFailuresMax; count++) assert.equal((await guess()).status, 401);
    const startedMillis = performance.now();
    assert.equal((await guess()).status, 401);
    assert.ok(performance.now() - startedMillis >= 990);
    await other.close();
  });

  describe('metadata', () => {
    const admin = '/admin/metadata?mode=updinfo&mount=%2Flive';
    const updates: readonly { name: string; path: string; args?: readonly string[]; title: string }[] = [
      { name: 'a song', path: `${admin}&song=Artist%20-%20Title`, title: 'Artist - Title' },
      { name: 'artist and title', path: `${admin}&artist=Artist&title=Title`, title: 'Artist - Title' },
      { name: 'the song before artist and title', path: `${admin}&artist=A&title=T&song=Song`, title: 'Song' },
      { name: 'a URL with the song', path: `${admin}&song=Song&url=http%3A%2F%2Fx%2F`, title: 'Song\nhttp://x/' },
      { name: 'the song without what is no URL', path: `${admin}&song=Song&url=a%0Ab`, title: 'Song' },
      { name: 'ISO 8859-1', path: `${admin}&song=Bj%F6rk&charset=ISO-8859-1`, title: 'Björk' },
      { name: 'control characters as spaces', path: `${admin}&song=a%0d%0ab`, title: 'a b' },
      { name: 'a form', path: '/admin/metadata', args: ['--data', 'mode=updinfo&mount=/live&song=Form'], title: 'Form' },
      { name: 'SHOUTcast\'s way', path: '/admin.cgi?mode=updinfo&pass=hackme&song=Shout', args: ['-u', ':'], title: 'Shout' },
      { name: 'SHOUTcast\'s way with a mount', path: '/admin.cgi?mode=updinfo&pass=hackme&song=Shout&mount=/live', args: ['-u', ':'], title: 'Shout' },
    ];
    for (const { name, path, args = [], title } of updates) {
      it(`takes ${name}`, async () => {
        const feed = new TestFeed('/live', { passwordHash });
        server.serve(feed);
        const publisher = open(`${source('/live')}media`);
        await feed.until(() => feed.body.length === 5);
        const { output } = await curl(path, ...args);
        assert.match(output, path.startsWith('/admin.cgi') ? /<html>[^]*200$/ : /<iceresponse><message>Metadata update successful<\/message><return>1<\/return><\/iceresponse>\n\n200$/);
        assert.deepEqual(feed.titles, [title]);
        publisher.end();
        await feed.ended();
      });
    }

    const refused: readonly { name: string; path: string; args?: readonly string[]; told: RegExp }[] = [
      { name: 'a wrong password', path: `${admin}&song=a`, args: ['-u', 'source:no'], told: /401$/ },
      { name: 'no password', path: `${admin}&song=a`, args: ['-u', ':', '-i'], told: /WWW-Authenticate: Basic[^]*401$/ },
      { name: 'a wrong password in SHOUTcast\'s way', path: '/admin.cgi?mode=updinfo&pass=no&song=a', told: /401$/ },
      { name: 'no password in SHOUTcast\'s way', path: '/admin.cgi?mode=updinfo&song=a', told: /400$/ },
      { name: 'no mount', path: '/admin/metadata?mode=updinfo&song=a', told: /400$/ },
      { name: 'an unknown mount', path: '/admin/metadata?mode=updinfo&mount=/no&song=a', told: /Source does not exist[^]*404$/ },
      { name: 'no song', path: admin, told: /Say what is on[^]*400$/ },
      { name: 'another mode', path: '/admin/metadata?mode=x&mount=/live', told: /No such action<\/message><return>0[^]*200$/ },
      { name: 'an unknown character set', path: `${admin}&song=a&charset=klingon`, told: /charset is unknown[^]*400$/ },
      { name: 'a source that is not there', path: `${admin}&song=a`, told: /Nobody pushes to this mount now[^]*400$/ },
      { name: 'an endless form', path: '/admin/metadata', args: ['--data-binary', '@-'], told: /413$/ },
    ];
    for (const { name, path, args = [], told } of refused) {
      it(`refuses ${name}`, async () => {
        const feed = new TestFeed('/live', { passwordHash });
        server.serve(feed);
        assert.match((await curl(path, ...args)).output, told);
        assert.deepEqual(feed.titles, []);
      });
    }
  });
});
