import assert from 'node:assert/strict';
import test from 'node:test';
import { openBrowser } from '../support/browser.ts';

test('browser: with JavaScript disabled it shows pixels and runs no script', async () => {
  const browser = await openBrowser();
  try {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 32, height: 32 } });
    const page = await context.newPage();
    const paint = async (color: string): Promise<Buffer> => {
      const script = 'document.body.style.background = "black"';
      await page.goto(`data:text/html,<body style="background:${color}"><script>${script}</script>`);
      return page.screenshot();
    };
    const red = await paint('red');
    assert.deepEqual(await paint('red'), red);
    assert.notDeepEqual(await paint('blue'), red);
  } finally {
    await browser.close();
  }
});
