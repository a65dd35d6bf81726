import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { complaintsOf, openBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { NatsServer } from '../support/nats-server.ts';
import { cameraConfiguration, newMark, writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

describe("control's pages in Chromium", () => {
  let nats: NatsServer;
  let services: Weir[];
  let control: string;
  let edge: string;
  let browser: Browser;
  let file: string;
  let remove: () => Promise<void>;
  before(async () => {
    const configuration = await writeConfiguration(cameraConfiguration(newMark()));
    ({ file, remove } = configuration);
    nats = await NatsServer.start();
    const common = ['--nats', nats.url];
    services = [['ingest'], ['edge', '--listen', '127.0.0.1:0'], ['control', '-f', configuration.file, '--listen', '127.0.0.1:0']].map((argv) => new Weir([...argv, ...common]));
    [edge, control, browser] = await Promise.all([services[1]?.url() ?? '', services[2]?.url() ?? '', openBrowser()]);
  });
  after(async () => {
    await browser.close();
    await Promise.all(services.map((service) => service.stop('SIGKILL')));
    await nats.stop();
    await remove();
  });

  it('have pictures and links of an edge, and lead to its play page', async () => {
    const page = await (await browser.newContext()).newPage();
    const complaints = complaintsOf(page);
    await page.goto(`${control}/stat`);
    const abort = new AbortController();
    const listening = await eventually('the edge serves the camera', async () => {
      const response = await fetch(`${edge}/camera.ts`, { signal: abort.signal });
      return response.ok ? response : null;
    });
    assert.equal(listening.status, 200);
    await eventually('the picture is there', () => page.locator('.thumbnail img').first().evaluate((image) => (image as HTMLImageElement).naturalWidth > 0), 20_000);
    assert.equal(await page.locator(`a[href="${edge}/camera.ts"]`).isVisible(), true);
    await page.getByRole('link', { name: 'Play camera' }).click();
    await page.waitForURL(`${edge}/play/camera`);
    await eventually('it plays', () => page.locator('#player').evaluate((video) => (video as HTMLVideoElement).currentTime > 0.5), 20_000);
    assert.deepEqual(complaints, []);
    abort.abort();
    await page.context().close();
  });

  it('lead to the balancer that the configuration names', async () => {
    const configuration = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...configuration, edge: { url: 'https://radio.example' } }));
    await eventually('links lead there', async () => (await (await fetch(`${control}/stat`)).text()).includes('href="https://radio.example/camera.ts"'));
    const { headers } = await fetch(`${control}/play/camera`, { redirect: 'manual' });
    assert.equal(headers.get('location'), 'https://radio.example/play/camera');
  });
});
