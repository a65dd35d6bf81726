import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { complaintsOf, openBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { keepScreenshot, lookAt, tabThrough, violationsOf } from '../support/pages.ts';
import { writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

const hostile = `"'><img src=x onerror="window.hacked = 1"></script></title><script>window.hacked = 1</script>\${window.hacked = 1}<%= it %>`;
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g', '10', '-muxdelay', '0', '-f', 'mpegts', '{out}'];
const picture = ['ffmpeg', '-nostdin', '-v', 'error', '-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=10', ...x264];

/** Runs a command, once the file `gone` is there only an error of many words. */
const fragile = 'if [ -e "$0/gone" ]; then cat "$0/error" >&2; exit 3; fi; exec "$@"';

/** A camera; one that fails with a hostile error once the file `gone` is there; one that sleeps; and a sound that does. */
function configuration(folder: string): object {
  return {
    listen: '127.0.0.1:0',
    feeds: {
      camera: { command: picture, active: 'continuous' },
      fragile: { command: ['sh', '-c', fragile, folder, ...picture], active: 'continuous' },
      asleep: { command: picture },
      sound: { command: ['ffmpeg', '-nostdin', '-v', 'error', '-re', '-f', 'lavfi', '-i', 'sine', '-f', 'mp3', '{out}'] },
    },
    streams: {
      camera: { feed: 'camera', path: '/camera.ts', title: hostile },
      fragile: { feed: 'fragile', path: '/fragile.ts' },
      asleep: { feed: 'asleep', path: '/asleep.ts' },
      sound: { feed: 'sound', path: '/sound.mp3' },
    },
  };
}

interface Status {
  readonly feeds: readonly { readonly name: string; readonly mood: string; readonly pid: number | null }[];
}

describe('status page in Chromium', () => {
  let weir: Weir;
  let url: string;
  let browser: Browser;
  let folder: string;
  let remove: () => Promise<void>;
  before(async () => {
    const written = await writeConfiguration({});
    remove = written.remove;
    folder = dirname(written.file);
    await writeFile(join(folder, 'error'), `${'x'.repeat(4096)}\n${hostile}\n`);
    // A dollar sign is written twice, or it would begin a variable.
    await writeFile(written.file, JSON.stringify(configuration(folder)).replaceAll('$', '$$$$'));
    weir = new Weir(['up', '-f', written.file]);
    [url, browser] = await Promise.all([weir.url(), openBrowser()]);
    await eventually('the cameras run', async () => (await status()).feeds.filter(({ mood }) => mood === 'happy').length === 2);
  });
  after(async () => {
    await browser.close();
    await weir.stop('SIGKILL');
    await remove();
  });

  async function status(): Promise<Status> {
    return (await (await fetch(`${url}/stat.json`)).json()) as Status;
  }

  async function open(path: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<{ page: Page; complaints: readonly string[] }> {
    const page = await (await browser.newContext(options)).newPage();
    const complaints = complaintsOf(page);
    await page.goto(url + path);
    return { page, complaints };
  }

  function row(page: Page, name: string): ReturnType<Page['locator']> {
    return page.locator(`#streams ~ table tbody[data-key="${name}"]`);
  }

  it('shows streams, pictures of what is live, and ways to play without JavaScript', async () => {
    const { page, complaints } = await open('/stat', { javaScriptEnabled: false });
    await eventually('two pictures are there', () => page.locator('.thumbnail img').evaluateAll((images) => images.filter((image) => (image as HTMLImageElement).naturalWidth > 0).length === 2));
    assert.equal(await row(page, 'camera').locator('a[href="/play/camera"]').isVisible(), true);
    assert.equal(await row(page, 'asleep').locator('img').count(), 0);
    assert.equal(await page.locator('button:visible').count(), 0);
    assert.match(await page.locator('.verdict').innerText(), /2 of 4 streams live, 0 listening/);
    assert.deepEqual((await status()).feeds.map(({ mood }) => mood), ['happy', 'happy', 'sleeping', 'sleeping']);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  it('reloads itself without JavaScript once somebody wants that', async () => {
    const { page } = await open('/stat', { javaScriptEnabled: false });
    await page.getByRole('link', { name: 'Reload every 10 s' }).click();
    await page.goto(`${url}/stat?refresh=1`);
    await page.waitForRequest(`${url}/stat?refresh=1`, { timeout: 15_000 });
    await page.context().close();
  });

  it('copies a URL by keyboard, and says so', async () => {
    const { page, complaints } = await open('/stat', { permissions: ['clipboard-read', 'clipboard-write'] });
    const button = page.getByRole('button', { name: 'Copy URL of camera' });
    await button.focus();
    await page.keyboard.press('Enter');
    await eventually('it says so aloud', async () => (await page.locator('[role="status"]').allTextContents()).includes('Copied'));
    assert.equal(await button.textContent(), 'Copied');
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${url}/camera.ts`);
    assert.equal(await button.evaluate((element) => element === document.activeElement), true);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  for (const path of ['/stat', '/']) {
    it(`${path} has nothing that shuts people out, and fits, on desktops and phones, light and dark`, async () => {
      const { page, complaints } = await open(path);
      await lookAt(page, path === '/' ? 'start' : 'stat');
      assert.deepEqual(complaints, []);
      await page.context().close();
    });
  }

  it('shows the focus at every link and button', async () => {
    const { page } = await open('/stat');
    const stops = await tabThrough(page);
    assert.deepEqual(stops.filter(({ seen }) => !seen), []);
    const names = stops.map((stop) => stop.name);
    for (const name of ['a Streams', 'button Pause', 'button Copy URL of sound', 'a Play sound', 'a /camera.ts', 'summary What the moods mean']) assert.ok(names.includes(name), `${name} in ${names.join(', ')}`);
    assert.equal(names.length, await page.locator('a[href], button, summary').count());
    await page.context().close();
  });

  it('shows without a reload that a feed has failed, and why, where the reader was', async () => {
    const { page, complaints } = await open('/stat', { viewport: { width: 800, height: 500 } });
    await page.locator('.legend summary').click();
    const link = row(page, 'sound').locator('a').first();
    await link.focus();
    const thumbnail = await row(page, 'camera').locator('img').elementHandle();
    const place = await page.evaluate(() => scrollY);
    assert.ok(place > 0);
    assert.doesNotMatch(await page.locator('.verdict').innerText(), /sad/);

    await writeFile(join(folder, 'gone'), '');
    const pid = (await status()).feeds.find(({ name }) => name === 'fragile')?.pid;
    assert.ok(pid !== undefined && pid !== null);
    process.kill(pid, 'SIGKILL');
    await eventually('it is named as sad', async () => /sad\s+fragile/.test(await page.locator('.verdict').innerText()), 20_000);
    await eventually('its error is told', async () => (await page.locator('.verdict').innerText()).includes('window.hacked'), 20_000);

    assert.equal(await link.evaluate((element) => element === document.activeElement), true);
    assert.equal(await page.locator('.legend').getAttribute('open'), '');
    assert.equal(await row(page, 'camera').locator('img').evaluate((image, before) => image === before, thumbnail), true);
    assert.equal(await page.locator('#streams ~ table tbody').first().getAttribute('data-key'), 'fragile');
    const error = page.locator('#feeds ~ table tbody[data-key="fragile"] details');
    await error.locator('summary').click();
    assert.ok((await error.locator('pre').innerText()).includes(hostile));
    assert.equal(await page.title(), '1 in trouble: status of weir');
    assert.equal(await page.evaluate(() => 'hacked' in window), false);
    assert.deepEqual(await violationsOf(page), []);
    assert.deepEqual(complaints, []);
    await keepScreenshot(page, 'stat-sad');
    await page.context().close();
  });

  it('leaves a hostile title as the text it is', async () => {
    const { page, complaints } = await open('/play/camera');
    assert.equal(await page.locator('h1').innerText(), hostile);
    assert.equal(await page.title(), `${hostile} on weir`);
    assert.equal(await page.evaluate(() => 'hacked' in window), false);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });
});
