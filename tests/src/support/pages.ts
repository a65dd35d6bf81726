import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const looks: readonly { readonly name: string; readonly width: number; readonly height: number; readonly colorScheme: 'light' | 'dark' }[] = [
  { name: 'desktop-light', width: 1280, height: 900, colorScheme: 'light' },
  { name: 'desktop-dark', width: 1280, height: 900, colorScheme: 'dark' },
  { name: 'phone-light', width: 360, height: 780, colorScheme: 'light' },
  { name: 'phone-dark', width: 360, height: 780, colorScheme: 'dark' },
];

/** What axe finds wrong with a page as it is: rules with the elements that break them. */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate(() => (globalThis as unknown as { axe: { run: (root: Document) => Promise<AxeResults> } }).axe.run(document));
  assert.ok(passes.length > 10, 'axe has looked');
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 200)}`));
}

/** Keeps what the page looks like, for people: `weir-pages/<name>.png` where temporary files are. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  const folder = join(tmpdir(), 'weir-pages');
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** Looks at a page on a desktop and a phone, in both colour schemes: it shuts nobody out, and nothing scrolls sideways. */
export async function lookAt(page: Page, name: string): Promise<void> {
  for (const { name: look, width, height, colorScheme } of looks) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await violationsOf(page), [], look);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, look);
    await keepScreenshot(page, `${name}-${look}`);
  }
}

/** Where Tab goes from the page's beginning to its end: each element's name, and whether one sees that it has the focus. */
export async function tabThrough(page: Page): Promise<readonly { readonly name: string; readonly seen: boolean }[]> {
  const stops: { name: string; seen: boolean }[] = [];
  await page.evaluate(() => document.body.focus());
  for (let press = 0; press < 500; press++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body || element === document.documentElement) return null;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      const inside = box.bottom > 0 && box.top < innerHeight && box.width > 0;
      const name = `${element.localName} ${element.getAttribute('aria-label') ?? element.textContent.trim()}`;
      return { name, seen: inside && outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2 };
    });
    if (stop === null) return stops;
    // An element with controls of its own is several stops.
    if (stop.name !== stops.at(-1)?.name) stops.push(stop);
  }
  throw new Error('Tab never leaves the page');
}
