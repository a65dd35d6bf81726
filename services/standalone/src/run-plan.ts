import { loadConfiguration } from '@weir/config';
import { exitCodes } from './exit-codes.ts';
import type { Options } from './options.ts';
import { planOf } from './plan.ts';
import { planText } from './plan-text.ts';
import { checkUrl, findStatus, usualUrls } from './status-source.ts';

/** `weir plan`: what a reload would do to what runs now. Gives the exit code. */
export async function runPlan(options: Options): Promise<number> {
  const { configuration } = loadConfiguration(options.files, process.env);
  const here = options.url === null;
  const found = await findStatus(here ? usualUrls(configuration) : [checkUrl(options.url)], true, here);
  const { url } = found;
  const plan = planOf(configuration, found.url === null ? { streams: [], feeds: [] } : found.status);
  if (found.url === null) {
    process.stderr.write(`weir: nothing runs as far as can be seen, so everything would start; --url names what runs\n${found.reasons.map((reason) => `  ${reason}\n`).join('')}`);
  }
  process.stdout.write(options.json ? `${JSON.stringify({ version: 1, url, ...plan }, null, 2)}\n` : `${url === null ? '' : `against ${url}\n\n`}${planText(plan)}`);
  if (url === null) return exitCodes.unavailable;
  return plan.disconnected + plan.interrupted > 0 ? exitCodes.noticed : exitCodes.done;
}
