import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import type { Desk, Running } from './desk.ts';

/** What is done to run a command as it is written, and to see that it does what the page says. */
export type Run = (desk: Desk, command: string) => Promise<unknown>;

/** By command, in the order they are run in: what one starts, the next ones use. */
export type Runs = Readonly<Record<string, Run>>;

const push = 'ffmpeg -re -i show.mp3 -c copy -f mp3 -content_type audio/mpeg icecast://source:PASSWORD@127.0.0.1:8090/studio.mp3';

const ends: Run = (desk, command) => desk.ends(command);
const listening = /listening url=(\S+?)\/(?:stat)?\n/;

/** An edge that has just begun to listen may wait for its configuration. */
async function serving(url: string): Promise<void> {
  let said = '';
  const asked = async (): Promise<boolean> => {
    const { status, statusText } = await fetch(url, { method: 'HEAD' });
    said = `${status} ${statusText}`;
    return status === 200;
  };
  await eventually(`${url} is there`, asked, 30_000).catch((cause: unknown) => {
    throw new Error(`${String(cause)}: ${said}`, { cause });
  });
}

async function fetches(url: string, bytesMin: number): Promise<void> {
  await serving(url);
  const aborter = new AbortController();
  const response = await fetch(url, { signal: aborter.signal });
  if (response.status !== 200) assert.fail(`${url}: ${response.status} ${await response.text()}`);
  assert.ok(response.body !== null);
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    if (bytes >= bytesMin) break;
  }
  aborter.abort();
  assert.ok(bytes >= bytesMin, `${url} ended after ${bytes} bytes`);
}

/** `weir serve`: the stream is at the root. */
const serves: Run = async (desk, command) => {
  desk.environment['WEIR_LISTEN'] = '127.0.0.1:0';
  const weir = await desk.starts(command, listening);
  await fetches(`${weir.found}/`, 5000);
  await desk.stop(weir);
};

const savesPicture = (file: string, magic: string): Run => async (desk, command) => {
  await desk.ends(command);
  assert.equal((await readFile(join(desk.folder, file), 'latin1')).slice(0, magic.length), magic);
};

/** Starts a source and waits until the status at `url` shows that it is taken. */
async function startsSource(desk: Desk, command: string, url: string): Promise<Running> {
  const source = await desk.starts(command, /Output #0/);
  await eventually('what is pushed is taken', async () => {
    const { feeds } = JSON.parse(await desk.ends(`curl -s ${url}/stat.json`)) as { feeds: readonly { name: string; mood: string }[] };
    return feeds.some(({ name, mood }) => name === 'studio' && mood === 'happy');
  }, 30_000);
  return source;
}

/** Plays the demo, and one stream without a configuration. */
export const demoRuns: Runs = {
  'npm start': async (desk, command) => {
    desk.environment['WEIR_LISTEN'] = '127.0.0.1:0';
    desk.replacements.set('127.0.0.1:8090', new URL((await desk.starts(command, /stream camera url=(\S+)/)).found).host);
  },
  'ffplay -analyzeduration 500k http://127.0.0.1:8090/camera.ts': (desk, command) => desk.shows(command, /\d A-V: /),
  'curl -s http://127.0.0.1:8090/camera.mp3 | mpv -': (desk, command) => desk.shows(command, /A: 00:00:0[1-9]/),
  'curl -o now.jpg http://127.0.0.1:8090/camera.ts/pic': savesPicture('now.jpg', '\xff\xd8\xff'),
  'curl -o now.png "http://127.0.0.1:8090/camera.ts/pic?format=png"': savesPicture('now.png', '\x89PNG'),
  'curl -o thumbnail.jpg "http://127.0.0.1:8090/camera.ts/pic?width=320&quality=70"': savesPicture('thumbnail.jpg', '\xff\xd8\xff'),
  'npx weir load http://127.0.0.1:8090/camera.ts --listeners 100 --duration 30s': (desk, command) =>
    // What a loaded machine has for it.
    desk.ends(command.replace('--listeners 100', '--listeners 10').replace('30s', '3s')),
  'npx weir serve -- ffmpeg -re -f lavfi -i testsrc2 -c:v libx264 -tune zerolatency -f mpegts {out}': serves,
  'some-command | npx weir serve -': (desk, command) => serves(desk, command.replace('some-command', 'ffmpeg -v error -re -stream_loop -1 -i show.mp3 -c copy -f mp3 -')),
  'npx weir serve recording.mp3': serves,
};

/** One process with a configuration: README's own, of the section about sources. */
export const standaloneRuns: Runs = {
  // Here with npx, and what is installed is enough.
  'npx weir check -f weir.yml': (desk, command) => desk.ends(command.replace('npx', 'npx --no-install')),
  'npx weir up -f weir.yml': async (desk, command) => {
    desk.environment['WEIR_LISTEN'] = '127.0.0.1:0';
    const url = (await desk.starts(command, listening)).found;
    desk.replacements.set('127.0.0.1:8090', new URL(url).host);
  },
  'npx weir plan -f weir.yml': async (desk, command) => {
    assert.match(await desk.ends(`${command} --url http://127.0.0.1:8090`), /starts 0, stops 0/);
  },
  'openssl rand -hex 32 > /run/secrets/links': async (desk, command) => {
    desk.replacements.set('/run/secrets/links', 'links');
    await desk.ends(command);
  },
  'npx weir sign https://radio.example.org/members.mp3 --key-file /run/secrets/links --expires 1h': async (desk, command) => {
    assert.match(await desk.ends(command), /^https:\/\/radio\.example\.org\/members\.mp3\?expires=\d+&signature=[\w-]{43}\n$/);
  },
  [push]: async (desk, command) => desk.stop(await startsSource(desk, command, 'http://127.0.0.1:8090')),
  'npx weir up -f weir.yml --listen :8443 --tls-cert fullchain.pem --tls-key privkey.pem': async (desk, command) => {
    const port = await freePort();
    desk.replacements.set('radio.example.org:8443', `127.0.0.1:${port}`).set(':8443', `127.0.0.1:${port}`);
    await desk.starts(command, /listening url=https:/);
  },
  'curl -s https://radio.example.org:8443/radio.mp3 | mpv -': (desk, command) => desk.shows(command, /A: 00:00:0[1-9]/),
  'ffmpeg -re -i show.mp3 -c copy -f mp3 -content_type audio/mpeg -tls 1 icecast://source:PASSWORD@radio.example.org:8443/studio.mp3': async (desk, command) =>
    desk.stop(await startsSource(desk, command, 'https://radio.example.org:8443')),
};

/** The services over NATS, and what is done to them. */
export const fleetRuns: Runs = {
  'nats-server -c deploy/nats/nats.conf -sd ./nats-store': async (desk, command) => {
    const port = await freePort();
    desk.environment['WEIR_NATS'] = `nats://127.0.0.1:${port}`;
    await desk.starts(`${command} -a 127.0.0.1 -p ${port}`, /Server is ready/);
  },
  'export WEIR_ADMIN_TOKEN_FILE=/run/secrets/weir-admin': async (desk, command) => {
    const [, name = '', file = ''] = /^export (\w+)=(\S+)$/.exec(command) ?? [];
    await desk.write('weir-admin', 'a-token-of-the-test\n');
    assert.equal(file, '/run/secrets/weir-admin');
    desk.environment[name] = join(desk.folder, 'weir-admin');
  },
  'npx weir control -f weir.yml': async (desk, command) => {
    desk.environment['WEIR_LISTEN'] = '127.0.0.1:0';
    const url = (await desk.starts(command, listening)).found;
    desk.replacements.set('127.0.0.1:8091', new URL(url).host).set('weir admin', `weir admin --url ${url}`);
  },
  // With WEIR_LISTEN it takes pushed sources too.
  'npx weir ingest': async (desk, command) => {
    desk.replacements.set('INGEST', new URL((await desk.starts(command, listening)).found).host);
  },
  'npx weir edge --listen 127.0.0.1:8090': async (desk, command) => {
    const edge = await desk.starts(`${command.replace('127.0.0.1:8090', '127.0.0.1:0')} --instance edge-1`, listening);
    desk.replacements.set('127.0.0.1:8090', new URL(edge.found).host);
    await serving(`${edge.found}/radio.mp3`);
  },
  'npx weir plan -f weir.yml --url http://127.0.0.1:8091': ends,
  'npx weir admin reload': ends,
  'npx weir admin listeners radio': async (desk, command) => {
    await desk.starts('curl -sNv http://127.0.0.1:8090/radio.mp3 -o heard.mp3', /200 OK/);
    const listed = await eventually('the listener is listed', async () => /^(\S+) +.*127\.0\.0\.1/m.exec(await desk.ends(command)), 30_000);
    desk.replacements.set('kick ID', `kick ${listed[1]}`);
  },
  'npx weir admin restart feed studio': async (desk, command) => {
    const source = await startsSource(desk, push.replace('127.0.0.1:8090', 'INGEST'), 'http://127.0.0.1:8091');
    await desk.ends(command);
    await desk.stop(source);
  },
  'npx weir admin kick ID': ends,
  'npx weir admin log-level debug "ingest.feed studio"': ends,
  'npx weir admin drain edge-1 60': ends,
};

/** A second edge takes the place of the first, and tells how it is. */
export const upgradeRuns: Runs = {
  'npx weir edge --listen 127.0.0.1:8090 --health 127.0.0.1:9090': async (desk, command) => {
    const health = `127.0.0.1:${await freePort()}`;
    desk.replacements.set('127.0.0.1:9090', health);
    const edge = await desk.starts(command.replace('127.0.0.1:8090', '127.0.0.1:0'), listening);
    desk.replacements.set('-USR1 PID', `-USR1 ${edge.pid}`);
    await serving(`${edge.found}/radio.mp3`);
    // Whom it may not drop.
    await desk.starts(`curl -sNv ${edge.found}/radio.mp3 -o heard.mp3`, /200 OK/);
  },
  'curl -s http://127.0.0.1:9090/metrics': async (desk, command) => assert.match(await desk.ends(command), /^weir_build_info\{/m),
  'npx weir edge --listen 127.0.0.1:8092 --health 127.0.0.1:9092': async (desk, command) => {
    desk.replacements.set('127.0.0.1:9092', `127.0.0.1:${await freePort()}`);
    const edge = await desk.starts(command.replace('127.0.0.1:8092', '127.0.0.1:0'), listening);
    await fetches(`${edge.found}/radio.mp3`, 5000);
  },
  'kill -USR1 PID': ends,
  'curl -s http://127.0.0.1:9090/readyz': (desk, command) =>
    eventually('the edge waits for its listener', async () => (await desk.ends(command)).includes('stopping'), 30_000),
  'promtool check rules deploy/monitoring/weir.rules.yml': ends,
  'promtool test rules deploy/monitoring/weir.rules.test.yml': ends,
};
