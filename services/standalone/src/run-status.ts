import { setTimeout as pause } from 'node:timers/promises';
import { exitCodes } from './exit-codes.ts';
import type { Options } from './options.ts';
import { checkUrl, findStatus, usualUrls } from './status-source.ts';
import { statusText, troubledIn } from './status-text.ts';

/** Milliseconds between two looks. */
const lookMillis = 2000;

const clearScreen = '\u001b[H\u001b[2J';

/** `weir status`: the fleet in a terminal, once or until SIGINT. Gives the exit code, of the last look. */
export async function runStatus(options: Options): Promise<number> {
  const urls = options.url === null ? [...usualUrls()].reverse() : [checkUrl(options.url)];
  const interruption = new AbortController();
  if (options.repeats) process.once('SIGINT', () => interruption.abort());
  for (;;) {
    const code = await show(urls, options);
    if (!options.repeats) return code;
    await pause(lookMillis, undefined, { signal: interruption.signal }).catch(() => {});
    if (interruption.signal.aborted) return code;
  }
}

async function show(urls: readonly string[], { url: asked, json, repeats }: Options): Promise<number> {
  const found = await findStatus(urls, false, asked === null);
  if (repeats && !json && process.stdout.isTTY) process.stdout.write(clearScreen);
  if (found.url === null) {
    process.stderr.write(`weir: nothing runs as far as can be seen; --url names what does\n${found.reasons.map((reason) => `  ${reason}\n`).join('')}`);
    return exitCodes.unavailable;
  }
  const { url, status } = found;
  process.stdout.write(json ? `${JSON.stringify(status, null, repeats ? 0 : 2)}\n` : statusText(status, url));
  return troubledIn(status).length > 0 ? exitCodes.noticed : exitCodes.done;
}
