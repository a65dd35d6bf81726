import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { complaintsOf, openBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { keepScreenshot, lookAt, tabThrough } from '../support/pages.ts';
import { writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

const source = ['ffmpeg', '-nostdin', '-v', 'error', '-re'];
const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=10'];
const sound = ['-f', 'lavfi', '-i', 'sine=frequency=330:sample_rate=44100'];
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g', '10'];
const out = ['-flush_packets', '1', '-muxdelay', '0', '-f'];

const feeds: Readonly<Record<string, readonly string[]>> = {
  'cam.ts': [...picture, ...sound, ...x264, '-c:a', 'aac', '-shortest', ...out, 'mpegts'],
  'cam.flv': [...picture, ...sound, ...x264, '-c:a', 'aac', '-shortest', ...out, 'flv'],
  'cam.webm': [...picture, '-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '200k', '-g', '10', '-cluster_time_limit', '400', ...out, 'webm'],
  'radio.mp3': [...sound, '-c:a', 'libmp3lame', '-b:a', '128k', ...out, 'mp3'],
  'old.ts': [...picture, '-c:v', 'mpeg2video', '-g', '10', ...out, 'mpegts'],
  'cam.mjpg': [...picture, '-c:v', 'mjpeg', ...out, 'mpjpeg'],
};

interface Playing {
  readonly seconds: number;
  readonly width: number;
  readonly muted: boolean;
}

/** Runs in the page: says on the console what it says, and how it starts to play. Asking it from outside would count as a click. */
function tellOnConsole(): void {
  document.addEventListener('playing', ({ target }) => console.info(`playing ${(target as HTMLMediaElement).muted ? 'muted' : 'with sound'}`), true);
  const tell = (): void => console.info(`state: ${document.querySelector('#state')?.textContent}`);
  new MutationObserver(tell).observe(document, { childList: true, subtree: true });
}

interface Opened {
  readonly page: Page;
  readonly complaints: readonly string[];
  /** Waits until the page has told this. */
  readonly tells: (text: string) => Promise<void>;
}

describe('play page in Chromium', () => {
  let weir: Weir;
  let url: string;
  let browser: Browser;
  let remove: () => Promise<void>;
  before(async () => {
    const running = Object.fromEntries(Object.entries(feeds).map(([name, argv]) => [name, { command: [...source, ...argv, '{out}'], active: '20s' }]));
    const configuration = await writeConfiguration({
      listen: '127.0.0.1:0',
      feeds: { ...running, dead: { command: ['false'], start_timeout: '1s' } },
      streams: Object.fromEntries([...Object.keys(feeds), 'dead'].map((name) => [name, { feed: name, path: name === 'dead' ? '/dead.ts' : `/${name}`, title: `Stream ${name}` }])),
    });
    remove = configuration.remove;
    weir = new Weir(['up', '-f', configuration.file]);
    [url, browser] = await Promise.all([weir.url(), openBrowser('document-user-activation-required')]);
  });
  after(async () => {
    await browser.close();
    await weir.stop('SIGKILL');
    await remove();
  });

  async function open(name: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Opened> {
    const page = await (await browser.newContext(options)).newPage();
    const complaints = complaintsOf(page);
    const told = new Set<string>();
    page.on('console', (message) => told.add(message.text()));
    await page.addInitScript(tellOnConsole);
    await page.goto(`${url}/play/${name}`, { waitUntil: 'commit' });
    return { page, complaints, tells: async (text) => void (await eventually(text, () => told.has(text), 25_000)) };
  }

  function playing(page: Page): Promise<Playing> {
    return page.locator('#player').evaluate((element) => {
      const { played, muted, videoWidth } = element as HTMLVideoElement;
      let seconds = 0;
      for (let index = 0; index < played.length; index++) seconds += played.end(index) - played.start(index);
      return { seconds, width: videoWidth, muted };
    });
  }

  async function plays(page: Page, more: number): Promise<Playing> {
    const { seconds } = await playing(page);
    return eventually(`it plays ${more} s`, async () => {
      const now = await playing(page);
      return now.seconds >= seconds + more ? now : null;
    }, 25_000);
  }

  for (const name of ['cam.ts', 'cam.flv', 'cam.webm']) {
    it(`plays ${name} muted, near now, and with sound after a click`, async () => {
      const { page, complaints, tells } = await open(name);
      await tells('playing muted');
      const { width, muted } = await plays(page, 1);
      assert.deepEqual({ width, muted }, { width: 160, muted: true });
      await eventually('it says how far behind it is', async () => /\d\.\d s/.test(await page.locator('#delay').innerText()));
      await eventually('it is near now', async () => Number(/[\d.]+/.exec(await page.locator('#delay b').innerText())?.[0]) < 3, 25_000);
      await page.getByRole('button', { name: 'Turn the sound on' }).click();
      assert.equal((await plays(page, 0.5)).muted, false);
      assert.equal(await page.locator('#sound').isVisible(), false);
      assert.equal(await page.locator('#state').innerText(), '');
      assert.deepEqual(complaints, []);
      await keepScreenshot(page, `play-${name}`);
      await page.context().close();
    });
  }

  it('plays radio.mp3 when somebody wants to hear it', async () => {
    const { page, complaints, tells } = await open('radio.mp3');
    await tells('state: Press play to listen.');
    await page.locator('#player').focus();
    await page.keyboard.press('Space');
    assert.equal((await plays(page, 1)).muted, false);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  it('shows cam.mjpg', async () => {
    const { page, complaints } = await open('cam.mjpg');
    await eventually('there is a picture', () => page.locator('#player').evaluate((image) => (image as HTMLImageElement).naturalWidth === 160));
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  it('plays again by itself after the source was killed', async () => {
    const { page } = await open('cam.ts');
    await plays(page, 0.5);
    const { feeds: told } = (await (await fetch(`${url}/stat.json`)).json()) as { feeds: readonly { name: string; pid: number }[] };
    const pid = told.find(({ name }) => name === 'cam.ts')?.pid;
    assert.ok(pid !== undefined && pid !== null);
    process.kill(pid, 'SIGKILL');
    await plays(page, 1.5);
    await page.context().close();
  });

  it('says what to do where the browser cannot play it', async () => {
    const { page } = await open('old.ts');
    await eventually('it says so', async () => /Copy its URL below into VLC or mpv/.test(await page.locator('#state').innerText()), 25_000);
    assert.ok((await page.locator('.copyable code').innerText()).endsWith('/old.ts'));
    await page.context().close();
  });

  it('says that a stream is not there, and goes on trying', async () => {
    const { page } = await open('dead');
    await eventually('it says so', async () => /not there now \(the server answers 503\)\. Trying again/.test(await page.locator('#state').innerText()), 25_000);
    await page.waitForRequest(`${url}/dead.ts`, { timeout: 25_000 });
    await page.context().close();
  });

  it('plays what elements can without JavaScript, and has links for the rest', async () => {
    const { page, complaints } = await open('cam.webm', { javaScriptEnabled: false });
    await eventually('its picture is there', async () => (await playing(page)).width === 160);
    await page.goto(`${url}/play/cam.ts`);
    assert.match(await page.locator('.stage').innerText(), /needs JavaScript/);
    assert.equal(await page.locator('#player').isVisible(), false);
    for (const path of ['/cam.ts.m3u', '/cam.ts.pls', '/cam.ts.xspf']) assert.equal(await page.locator(`a[href="${path}"]`).isVisible(), true);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  it('has nothing that shuts people out, fits, and shows the focus at every link, button and player', async () => {
    const { page } = await open('cam.ts');
    await plays(page, 0.2);
    await lookAt(page, 'play');
    const stops = await tabThrough(page);
    assert.deepEqual(stops.filter(({ seen }) => !seen), []);
    for (const name of ['video Stream cam.ts', 'button Copy URL of Stream cam.ts', 'a m3u']) assert.ok(stops.some((stop) => stop.name === name), name);
    await page.context().close();
  });

  it('knows no stream of another name', async () => {
    assert.equal((await fetch(`${url}/play/nobody`)).status, 404);
    assert.equal((await fetch(`${url}/play/`)).status, 404);
  });

  it("keeps mpegts.js for ever, and nothing else of a page's", async () => {
    const html = await (await fetch(`${url}/play/cam.ts`)).text();
    const script = /src="(\/assets\/mpegts-[^"]+)"/.exec(html)?.[1] ?? '';
    assert.match((await fetch(url + script)).headers.get('Cache-Control') ?? '', /immutable/);
    assert.match((await fetch(`${url}/assets/play.js`)).headers.get('Cache-Control') ?? '', /no-store/);
  });
});
