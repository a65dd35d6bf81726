import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';

/** When a page may play sound by itself: always, or once somebody has pressed something, as in a browser people use. */
export type Autoplay = 'no-user-gesture-required' | 'document-user-activation-required';

/** Headless Chromium as the system has it, kept from looking for anything beyond this machine. */
export function openBrowser(autoplay: Autoplay = 'no-user-gesture-required'): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--autoplay-policy=${autoplay}`,
    ],
  });
}

/** Collects what a page complains about from now on: errors on its console, those of its policy among them, and uncaught ones. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return complaints;
}
