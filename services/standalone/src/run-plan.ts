import { get } from 'node:https';
import { text } from 'node:stream/consumers';
import { loadConfiguration } from '@weir/config';
import type { Configuration } from '@weir/config';
import { localUrl, parseAddress } from '@weir/http';
import { statusVersion } from '@weir/telemetry';
import type { FleetStatus } from '@weir/telemetry';
import { exitCodes } from './exit-codes.ts';
import type { Options } from './options.ts';
import { planOf } from './plan.ts';
import type { Running } from './plan.ts';
import { planText } from './plan-text.ts';
import { controlListenDefault } from './run-control.ts';
import { UsageError } from './usage.ts';

/** Milliseconds the status may take to come. */
const answerMillis = 5000;

/** `weir plan`: what a reload would do to what runs now. Gives the exit code. */
export async function runPlan(options: Options): Promise<number> {
  const { configuration } = loadConfiguration(options.files, process.env);
  const candidates = options.url === null ? defaultUrls(configuration) : [checkUrl(options.url)];
  const { url, running, reasons } = await ask(candidates, options.url === null);
  const plan = planOf(configuration, running);
  if (url === null) {
    process.stderr.write(`weir: nothing runs as far as can be seen, so everything would start; --url names what runs\n${reasons.map((reason) => `  ${reason}\n`).join('')}`);
  }
  process.stdout.write(options.json ? `${JSON.stringify({ version: 1, url, ...plan }, null, 2)}\n` : `${url === null ? '' : `against ${url}\n\n`}${planText(plan)}`);
  if (url === null) return exitCodes.unavailable;
  return plan.disconnected + plan.interrupted > 0 ? exitCodes.noticed : exitCodes.done;
}

/** Where standalone listens, and where control does. */
function defaultUrls({ listen, tls }: Configuration): readonly string[] {
  const address = parseAddress(listen);
  const control = localUrl(parseAddress(controlListenDefault), 'http');
  return [...(address.port === 0 ? [] : [localUrl(address, tls === null ? 'http' : 'https')]), control];
}

function checkUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:/i.test(text)) throw new UsageError(`--url ${text}: expected a URL such as http://127.0.0.1:8090`);
  return text.replace(/\/+$/, '');
}

/**
 * The first that tells the whole of what runs; without one, nothing runs, for these reasons.
 *
 * @param here they are on this machine
 */
async function ask(urls: readonly string[], here: boolean): Promise<{ url: string | null; running: Running; reasons: readonly string[] }> {
  const reasons: string[] = [];
  for (const url of urls) {
    const answer = await fetchStatus(url, here);
    if (typeof answer !== 'string') return { url, running: answer, reasons };
    reasons.push(`${url}: ${answer}`);
  }
  return { url: null, running: { streams: [], feeds: [] }, reasons };
}

/** Or why there is none. */
async function fetchStatus(url: string, here: boolean): Promise<FleetStatus | string> {
  try {
    const signal = AbortSignal.timeout(answerMillis);
    const status = `${url}/stat.json`;
    const response = here && url.startsWith('https:') ? await fetchHere(status, signal) : await fetch(status, { signal });
    if (!response.ok) return `answers ${response.status} for /stat.json`;
    const told = (await response.json()) as Partial<FleetStatus> | null;
    if (told?.name !== 'weir' || told.version !== statusVersion) return 'is not a weir of this version';
    return told.settings === undefined ? 'is an edge, or has no configuration yet: ask weir control or weir up' : (told as FleetStatus);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error ? cause.message || cause.name : String(cause);
  }
}

/** Nobody stands between this machine and itself: the certificate may well be for the name by which listeners know it. */
function fetchHere(url: string, signal: AbortSignal): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = get(url, { rejectUnauthorized: false, agent: false, signal }, (response) => {
      text(response).then((body) => resolve(new Response(body, { status: response.statusCode ?? 500 })), reject);
    });
    request.once('error', reject);
  });
}
