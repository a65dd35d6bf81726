import { get } from 'node:https';
import { text } from 'node:stream/consumers';
import type { Configuration } from '@weir/config';
import { localUrl, parseAddress } from '@weir/http';
import { statusVersion } from '@weir/telemetry';
import type { FleetStatus } from '@weir/telemetry';
import { controlListenDefault } from './options.ts';
import { UsageError } from './usage.ts';

/** Milliseconds the status may take to come. */
const answerMillis = 5000;

/** What runs, and where it told so; without one, nothing answers, for these reasons. */
export type FoundStatus = { readonly url: string; readonly status: FleetStatus } | { readonly url: null; readonly reasons: readonly string[] };

/** Where standalone listens, and where control does. */
export function usualUrls({ listen, tls }: Pick<Configuration, 'listen' | 'tls'> = { listen: '127.0.0.1:8090', tls: null }): readonly string[] {
  const address = parseAddress(listen);
  const control = localUrl(parseAddress(controlListenDefault), 'http');
  return [...(address.port === 0 ? [] : [localUrl(address, tls === null ? 'http' : 'https')]), control];
}

/** The URL of `--url`. @throws UsageError for what is none */
export function checkUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:/i.test(text)) throw new UsageError(`--url ${text}: expected a URL such as http://127.0.0.1:8090`);
  return text.replace(/\/+$/, '');
}

/**
 * Asks one after the other. An edge knows itself alone: with `whole` it does not count.
 *
 * @param here they are on this machine
 */
export async function findStatus(urls: readonly string[], whole: boolean, here: boolean): Promise<FoundStatus> {
  const reasons: string[] = [];
  for (const url of urls) {
    const status = await fetchStatus(url, here);
    const reason = typeof status === 'string' ? status : whole && status.settings === undefined ? 'is an edge, or has no configuration yet: ask weir control or weir up' : null;
    if (typeof status !== 'string' && reason === null) return { url, status };
    reasons.push(`${url}: ${reason ?? ''}`);
  }
  return { url: null, reasons };
}

/** Or why there is none. */
async function fetchStatus(url: string, here: boolean): Promise<FleetStatus | string> {
  try {
    const signal = AbortSignal.timeout(answerMillis);
    const address = `${url}/stat.json`;
    const response = here && url.startsWith('https:') ? await fetchHere(address, signal) : await fetch(address, { signal });
    if (!response.ok) return `answers ${response.status} for /stat.json`;
    const status = (await response.json()) as Partial<FleetStatus> | null;
    return status?.name === 'weir' && status.version === statusVersion ? (status as FleetStatus) : 'is not a weir of this version';
  } catch (error) {
    return explainFetch(error);
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

/** Why a request failed, in a few words. */
export function explainFetch(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}
