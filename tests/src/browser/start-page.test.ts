import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { cameraConfiguration, newMark, writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

describe('start page in Chromium', () => {
  let weir: Weir;
  let url: string;
  let browser: Browser;
  let remove: () => Promise<void>;
  before(async () => {
    const configuration = await writeConfiguration(cameraConfiguration(newMark()));
    remove = configuration.remove;
    weir = new Weir(['up', '-f', configuration.file]);
    [url, browser] = await Promise.all([weir.url(), openBrowser()]);
  });
  after(async () => {
    await browser.close();
    await weir.stop('SIGKILL');
    await remove();
  });

  async function open(javaScriptEnabled: boolean, path = '/'): Promise<Page> {
    const page = await (await browser.newContext({ javaScriptEnabled })).newPage();
    // A page with an endless picture never finishes loading.
    await page.goto(url + path, { waitUntil: 'commit' });
    return page;
  }

  it('shows a moving MPJPEG picture and an MP3 player without JavaScript', async () => {
    const page = await open(false);
    const picture = page.locator('img[src="/camera.mjpg"]');
    await picture.scrollIntoViewIfNeeded();
    const seen = new Set<string>();
    await eventually(
      'three different pictures of more than one colour',
      async () => {
        const shot = await picture.screenshot();
        if (shot.length > 2000) seen.add(shot.toString('base64'));
        return seen.size >= 3;
      },
      30_000,
    );
    assert.equal(await page.locator('audio[src="/camera.mp3"], audio:has(source[src="/camera.mp3"])').count(), 1);
    assert.equal(await page.locator('a[href="/camera.ts"]').count() > 0, true);
    await page.context().close();
  });

  it('plays the MP3 in its player', async () => {
    const page = await open(true);
    const seconds = await eventually(
      'it plays two seconds',
      () =>
        page.evaluate(() => {
          const audio = document.querySelector('audio');
          if (audio === null) return null;
          if (audio.paused) void audio.play();
          return audio.currentTime > 2 ? audio.currentTime : null;
        }),
      30_000,
    );
    assert.ok(seconds > 2);
    await page.context().close();
  });

  it('refreshes the status page by itself, and complains about nothing', async () => {
    const page = await open(true, '/stat');
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    const abort = new AbortController();
    const listening = await fetch(`${url}/camera.mp3`, { signal: abort.signal });
    assert.equal(listening.status, 200);
    await eventually('the page tells that the encoder runs', async () => /happy/i.test(await page.locator('main').innerText()), 15_000);
    abort.abort();
    assert.deepEqual(complaints, []);
    await page.context().close();
  });
});
