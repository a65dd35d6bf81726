import assert from 'node:assert/strict';
import test from 'node:test';
import type { FleetStatus, InstanceStatus, MasterStatus, ProducerStatus, StreamStatus } from '@weir/telemetry';
import { pageAssets } from './assets.ts';
import { playPage } from './play-page.ts';
import { contentSecurityPolicy } from './security-policy.ts';
import { startPage } from './start-page.ts';
import { statPage } from './stat-page.ts';

const time = '2031-05-06T07:08:09.000Z';

function stream(changes: Partial<StreamStatus> = {}): StreamStatus {
  return {
    name: 'radio', title: null, path: '/radio.mp3', picture: null, feed: 'studio', mood: 'happy', format: 'mp3', contentType: 'audio/mpeg', listeners: 4,
    listenersPeak: 9, listenersTotal: 1234, bytesOut: 5_000_000, bitsPerSecondIn: 128_000, bitsPerSecondOut: 512_000, skips: 3, ...changes,
  };
}

function producer(changes: Partial<ProducerStatus> = {}): ProducerStatus {
  return {
    name: 'studio', kind: 'feed', mood: 'happy', since: '2031-05-06T07:05:04.000Z', lastError: null, owner: 'ingest-a', pid: 4711,
    format: 'mp3', epoch: 17, restarts: 2, bytes: 7_000_000, frames: 4242, skippedBytes: 99, gaps: 1, bitsPerSecond: 128_000, ...changes,
  };
}

function instance(changes: Partial<InstanceStatus> = {}): InstanceStatus {
  return { instance: 'ingest-a', version: '0.1.0', since: '2031-05-06T06:08:09.000Z', pid: 812, ...changes };
}

function master(changes: Partial<MasterStatus> = {}): MasterStatus {
  return { url: 'http://a:8000', mood: 'happy', since: '2031-05-06T07:05:04.000Z', lastError: null, software: 'icecast', streams: 12, ...changes };
}

function fleet(changes: Partial<FleetStatus> = {}): FleetStatus {
  return {
    version: 1, name: 'weir', weirVersion: '0.1.0', time, since: '2031-05-05T07:08:09.000Z', listeners: 4, streams: [], feeds: [],
    encoders: [], masters: [], ingests: [], edges: [], ...changes,
  };
}

const start = (status: FleetStatus): string => startPage(status, { origin: 'http://radio.example:8090', statPath: '/stat', streamsOrigin: '' });
const stat = (status: FleetStatus): string => statPage(status, { startPath: '/', jsonPath: '/stat.json', streamsOrigin: '', refreshSeconds: null });
/** One after the other, as they stand in one fleet. */
const play = (status: FleetStatus): string => status.streams.map((each) => playPage(each, { weirVersion: status.weirVersion, origin: 'http://radio.example:8090', startPath: '/', statPath: '/stat' })).join('');
const count = (html: string, part: string): number => html.split(part).length - 1;

const voidElements = new Set(['meta', 'link', 'img', '!doctype']);

/** The elements of a page with the names of their attributes, and every link; throws where the markup is not what templates write. */
function outlineOf(html: string): { tags: readonly string[]; links: readonly string[] } {
  const tags: string[] = [];
  const links: string[] = [];
  const open: string[] = [];
  let end = 0;
  for (const [text, closing, name = '', attributes = ''] of html.matchAll(/<(\/?)([a-z0-9!]+)((?: [a-z-]+(?:="[^"<>]*")?)*)>|[^<>]+/g)) {
    end += text.length;
    if (name === '') continue;
    if (closing === '/') assert.equal(open.pop(), name);
    else if (!voidElements.has(name)) open.push(name);
    const pairs = [...attributes.matchAll(/ ([a-z-]+)(?:="([^"]*)")?/g)];
    tags.push([closing + name, ...pairs.map(([, attribute]) => attribute)].join(' '));
    for (const [, attribute, value = ''] of pairs) if (attribute === 'href' || attribute === 'src') links.push(value);
  }
  assert.equal(end, html.length, `markup broken near ${html.slice(Math.max(0, end - 80), end + 80)}`);
  assert.deepEqual(open, []);
  return { tags, links };
}

const players: readonly [name: string, status: Partial<StreamStatus>, markup: RegExp][] = [
  ['MP3 in an audio element that loads nothing by itself', {}, /<audio src="\/radio\.mp3" aria-label="radio" controls preload="none">/],
  ['WebM in a video element that loads nothing by itself', { format: 'webm', contentType: 'video/webm', path: '/a.webm' }, /<video [^>]*src="\/a\.webm"[^>]* controls preload="none"/],
  ['MPJPEG in a picture that loads when it is seen', { format: 'mpjpeg', path: '/a.mjpg' }, /<img src="\/a\.mjpg" alt="radio, live" loading="lazy">/],
  ['TS by a command for ffplay', { format: 'mpegts', path: '/a.ts' }, /<code class="copy">ffplay http:\/\/radio\.example:8090\/a\.ts<\/code>/],
  ['FLV by a command for VLC', { format: 'flv', path: '/a.flv' }, /<code class="copy">vlc http:\/\/radio\.example:8090\/a\.flv<\/code>/],
  ['a stream that never ran as its path promises', { format: null, contentType: null }, /<audio src="\/radio\.mp3"/],
];
for (const [name, changes, markup] of players) {
  test(`start page: plays ${name}`, () => assert.match(start(fleet({ streams: [stream(changes)] })), markup));
}

test('start page: tells name, mood, format, listeners and rate of a stream, and links to it', () => {
  const html = start(fleet({ streams: [stream({ mood: 'hungry' })] }));
  for (const part of ['>radio</bdi>', 'mood-hungry">hungry<', '>mp3<', '>4 listening<', '>128 kbit/s<', 'class="button" href="/play/radio"', '1 stream, 4 listening']) {
    assert.ok(html.includes(part), part);
  }
});

test('start page: shows four moving pictures and links to the others', () => {
  const html = start(fleet({ streams: Array.from({ length: 7 }, (_, index) => stream({ format: 'mpjpeg', path: `/${index}.mjpg` })) }));
  assert.equal(count(html, 'loading="lazy"'), 4);
  assert.equal(count(html, 'class="button"'), 7);
});

test('start page: offers no command for a server of doubtful name', () => {
  const html = startPage(fleet({ streams: [stream({ format: 'mpegts' })] }), { origin: 'http://a;reboot', statPath: null, streamsOrigin: '' });
  assert.equal(count(html, 'reboot'), 0);
  assert.equal(count(html, '<code'), 0);
});

test('start page: does not link to a status page that is off', () => {
  const html = startPage(fleet(), { origin: 'http://a', statPath: null, streamsOrigin: '' });
  assert.equal(count(html, '>Status<'), 0);
  assert.equal(count(start(fleet()), '<a href="/stat">Status</a>'), 1);
});

test('start page: says so when nothing is on', () => {
  assert.match(start(fleet()), /Nothing is on yet/);
});

test('status page: tells all of a stream', () => {
  const html = stat(fleet({ streams: [stream()], feeds: [producer()] }));
  for (const part of ['href="/radio.mp3"', 'from <bdi class="name">studio<', '<b>4</b>', 'peak 9, total 1,234', '>128 kbit/s<', '>512 kbit/s<', '5.00 MB sent', '>3</td>']) {
    assert.ok(html.includes(part), part);
  }
});

test('status page: links to the picture of a stream that has one', () => {
  assert.ok(stat(fleet({ streams: [stream({ path: '/a b', picture: '/a b/pic' })] })).includes('<a href="/a%20b/pic"'));
  assert.ok(!stat(fleet({ streams: [stream()] })).includes('/pic"'));
});

test('status page: tells all of a producer', () => {
  const html = stat(fleet({ encoders: [producer({ kind: 'encoder', name: 'enc', lastError: 'exited with code 1' })] }));
  const row = html.slice(html.indexOf('id="encoder-0"'), html.indexOf('</tbody>'));
  for (const part of ['>enc<', 'mood-happy', '>3 min 5 s<', 'datetime="2031-05-06T07:05:04.000Z"', '>ingest-a<', 'pid 4711', '>mp3<', 'epoch 17', '128 kbit/s', '7.00 MB', '4,242', '99 B skipped', '>2</td>', '>exited with code 1<']) {
    assert.ok(row.includes(part), part);
  }
});

test('status page: tells server time, version, time up, ingests and edges', () => {
  const html = stat(fleet({ ingests: [instance()], edges: [{ ...instance({ instance: 'edge-b' }), url: 'http://10.0.0.2:8090', listeners: 77 }] }));
  for (const part of ['2031-05-06 07:08:09 UTC', 'weir 0.1.0, up for', '>1 d<', '>ingest-a<', '>edge-b<', 'http://10.0.0.2:8090', '<b>77</b>', '>1 h<']) {
    assert.ok(html.includes(part), part);
  }
});

test('status page: tells of masters, what is wrong with one, and of which URLs a stream is a mirror', () => {
  const mirror = { of: ['http://a:8000/radio.mp3', 'http://b:8000/radio.mp3'], via: [] };
  const html = stat(fleet({ streams: [stream({ feed: '/radio.mp3', mirror })], masters: [master(), master({ url: 'http://b:8000', mood: 'sad', lastError: 'it is gone' })] }));
  for (const part of ['from <bdi class="name">http://a:8000/radio.mp3, http://b:8000/radio.mp3<', '>http://a:8000<', '>icecast<', '>12<', 'mood-sad', '>it is gone<']) assert.ok(html.includes(part), part);
  assert.equal(count(stat(fleet()), 'Masters'), 0);
});

test('status page: adds up what goes out and what comes in, each once', () => {
  const html = stat(fleet({ listeners: 8, streams: [stream(), stream({ name: 'b' })], feeds: [producer()], encoders: [producer({ kind: 'encoder' })] }));
  const totals = html.slice(html.indexOf('class="totals"'), html.indexOf('</dl>'));
  for (const part of ['<dd>8<', '2,468 in all', '<dd>2<', '2 happy', '<dd>1.02 Mbit/s<', '10.0 MB in all', '<dd>128 kbit/s<', '7.00 MB in all']) {
    assert.ok(totals.includes(part), part);
  }
});

const verdicts: readonly [name: string, status: Partial<FleetStatus>, verdict: RegExp, title: string][] = [
  ['says that all is well', { streams: [stream()] }, /verdict-good">\s*<p>1 of 1 stream live, 4 listening, 512 kbit\/s going out\.<\/p>/, 'Status of weir'],
  ['says that nothing is configured', {}, /verdict-none">\s*<p>No stream/, 'Status of weir'],
  ['names a sad feed once, not its stream', { streams: [stream({ mood: 'sad' })], feeds: [producer({ mood: 'sad' })] }, /verdict-bad">\s*<ul>\s*<li [^\n]*#feed-0[^\n]*\n<\/ul>/, '1 in trouble: status of weir'],
  ['names a sad master', { masters: [master({ mood: 'sad' })] }, /#master-0[^\n]*http:\/\/a:8000/, '1 in trouble: status of weir'],
  ['names a lost encoder', { encoders: [producer({ kind: 'encoder', mood: 'lost' })] }, /#encoder-0/, '1 in trouble: status of weir'],
  ['names a sad stream where producers are not known', { streams: [stream({ mood: 'sad' })] }, /#stream-0/, '1 in trouble: status of weir'],
  ['names eight and counts the rest', { feeds: Array.from({ length: 10 }, () => producer({ mood: 'sad' })) }, /#feed-7[^]*and 2 more/, '10 in trouble: status of weir'],
];
for (const [name, status, verdict, title] of verdicts) {
  test(`status page: ${name}`, () => {
    const html = stat(fleet(status));
    assert.match(html.slice(html.indexOf('class="verdict'), html.indexOf('class="totals"')), verdict);
    assert.ok(html.includes(`<title>${title}</title>`));
  });
}

test('status page: shows what needs attention first, and why', () => {
  const html = stat(fleet({ streams: [stream(), stream({ name: 'door', mood: 'sad' })], feeds: [producer(), producer({ name: 'gate', mood: 'lost', lastError: 'no route to host' })] }));
  for (const [first, second] of [['id="stream-1"', 'id="stream-0"'], ['id="feed-1"', 'id="feed-0"']] as const) assert.ok(html.indexOf(first) < html.indexOf(second), first);
  assert.match(html, /<li data-key="feed-1">.*no route to host/);
});

test('status page: has thumbnails of what is live and has pictures', () => {
  const html = stat(fleet({ streams: [stream({ picture: '/a/pic' }), stream({ picture: '/b/pic', mood: 'sleeping' }), stream({ picture: '/c/pic', mood: 'sad' }), stream()] }));
  assert.equal(count(html, '<img src="/a/pic?width=240&amp;quality=70&amp;wake=0&amp;turn='), 1);
  assert.equal(count(html, 'wake=0'), 1);
});

test('status page: a thumbnail is another one every 30 s', () => {
  const at = (seconds: number): string | undefined => /turn=(\d+)/.exec(stat(fleet({ time: new Date(Date.parse(time) + seconds * 1000).toISOString(), streams: [stream({ picture: '/a/pic' })] })))?.[1];
  assert.deepEqual([0, 20, 30, 60].map((seconds) => Number(at(seconds)) - Number(at(0))), [0, 0, 1, 2]);
});

test('status page: links to an edge where another server has the streams, and to none where there is none', () => {
  const status = fleet({ streams: [stream({ picture: '/a/pic' })] });
  const options = { startPath: '/', jsonPath: null, refreshSeconds: null };
  const html = statPage(status, { ...options, streamsOrigin: 'http://edge.example:8090' });
  for (const part of ['href="http://edge.example:8090/radio.mp3"', 'src="http://edge.example:8090/a/pic?', 'data-copy="http://edge.example:8090/radio.mp3"', 'href="/play/radio"']) assert.ok(html.includes(part), part);
  const without = statPage(status, { ...options, streamsOrigin: null });
  for (const part of ['data-copy', '/pic', 'href="/play/', 'href="/radio']) assert.equal(count(without, part), 0, part);
});

test('status page: reloads itself without scripts when asked to', () => {
  assert.equal(count(stat(fleet()), 'http-equiv'), 0);
  assert.match(statPage(fleet(), { startPath: null, jsonPath: null, streamsOrigin: '', refreshSeconds: 10 }), /<noscript><meta http-equiv="refresh" content="10"><\/noscript>/);
});

const pagePlayers: readonly [name: string, status: Partial<StreamStatus>, markup: RegExp][] = [
  ['MP3 in an audio element', {}, /<audio id="player" src="\/radio\.mp3\?join=2"/],
  ['WebM in a muted video element', { format: 'webm', contentType: 'video/webm' }, /<video id="player" src="\/radio\.mp3"[^>]* autoplay muted/],
  ['MPJPEG in a picture', { format: 'mpjpeg' }, /<img id="player" src="\/radio\.mp3"/],
  ['TS by a script', { format: 'mpegts' }, /<script src="\/assets\/mpegts-[0-9a-f]{16}\.js" defer>[^]*data-playback="mpegts" data-src="\/radio\.mp3"[^]*<noscript><p>[^]*<video id="player" class="scripted"/],
  ['FLV by a script', { format: 'flv' }, /data-playback="flv"/],
  ['raw bytes elsewhere', { format: 'raw' }, /No browser plays this format/],
];
for (const [name, changes, markup] of pagePlayers) {
  test(`play page: plays ${name}`, () => assert.match(play(fleet({ streams: [stream(changes)] })), markup));
}

test('play page: shows the title, the URL to copy, playlists and commands', () => {
  const html = play(fleet({ streams: [stream({ title: 'Radio Weir' })] }));
  for (const part of ['<title>Radio Weir on weir</title>', '<code class="copy">http://radio.example:8090/radio.mp3</code>', 'data-copy="/radio.mp3"', 'href="/radio.mp3.m3u"', 'href="/radio.mp3.pls"', 'href="/radio.mp3.xspf"', '>vlc http://radio.example:8090/radio.mp3<']) assert.ok(html.includes(part), part);
});

test('status page: folds a long error behind its beginning', () => {
  const error = `no such device\n${'x'.repeat(4000)}`;
  const html = stat(fleet({ feeds: [producer({ lastError: error })] }));
  assert.ok(html.includes('<bdi class="name">no such device…</bdi></summary>'));
  assert.ok(html.includes(`<pre>${error}</pre>`));
});

/** A fleet in which everything that is text anywhere is `text`. */
function fleetOf(text: string): FleetStatus {
  const named = { name: text, title: text, path: `/${text}`, picture: `/${text}/pic`, feed: text };
  const made = { name: text, owner: text, lastError: `x\n${text}` };
  return fleet({
    weirVersion: text,
    streams: [
      stream(named),
      stream({ ...named, path: text, mood: 'sad', format: 'mpegts' }),
      stream({ ...named, path: `//${text}`, format: 'mpjpeg' }),
      stream({ ...named, format: 'webm', contentType: 'video/webm' }),
      stream({ ...named, format: text, contentType: text, path: `${text}.` }),
    ],
    feeds: [producer({ ...made, mood: 'sad' }), producer({ ...made, format: text, since: text })],
    encoders: [producer({ ...made, kind: 'encoder' })],
    masters: [master({ url: text, mood: 'sad', lastError: `x\n${text}` })],
    ingests: [instance({ instance: text, version: text, since: text })],
    edges: [{ ...instance({ instance: text }), url: text, listeners: 1 }],
  });
}

const hostile: readonly [name: string, text: string][] = [
  ['quotes', `"'\` onerror="alert(1)" x='`],
  ['a script', '</script></title></pre><script>alert(1)</script><!--'],
  ['a template', '${alert(1)} <%= it %> <%~ process.exit() %> {{x}} %>'],
  ['line ends', 'a\nb\r\nc\u2028d'],
  ['entities', '&quot;&lt;script&gt;&#0;'],
  ['a scheme', 'javascript:alert(1)'],
  ['another host', '//evil.example/\\evil.example'],
  ['control characters', 'a\0b\x1b[31m\x7f\x08'],
  ['half a character', 'a\ud83c'],
  ['right-to-left overrides', '\u202egnp.exe\u2066'],
  ['four kilobytes', `"<b>${'é<"'.repeat(1400)}`],
];
for (const [page, show] of [['start page', start], ['status page', stat], ['play page', play]] as const) {
  const tame = outlineOf(show(fleetOf('tame')));
  for (const [name, text] of hostile) {
    test(`${page}: ${name} in every name come out inert`, () => {
      const { tags, links } = outlineOf(show(fleetOf(text)));
      assert.deepEqual(tags, tame.tags);
      for (const link of links) assert.match(link.replace(/\?(refresh=10|join=2|width=\d+&amp;quality=70&amp;wake=0&amp;turn=\d+)?$/, ''), /^(|#[a-z]+-\d+|\/([A-Za-z0-9._~-]|%[0-9A-F]{2})([A-Za-z0-9._~/-]|%[0-9A-F]{2})*|\/)$/);
    });
  }

  test(`${page}: holds nothing inline and asks only for what there is`, () => {
    assert.equal(tame.tags.filter((tag) => /\b(style|on[a-z]+)\b/.test(tag)).length, 0);
    assert.ok(tame.tags.filter((tag) => tag.startsWith('script')).every((tag) => /^script (type src|src defer)$/.test(tag)));
    for (const link of tame.links.filter((one) => one.startsWith('/assets/'))) assert.ok(pageAssets.has(link), link);
    assert.match(contentSecurityPolicy({}), /^default-src 'none';/);
    assert.doesNotMatch(contentSecurityPolicy({ madeMedia: true }), /unsafe|\*|https?:/);
  });
}
