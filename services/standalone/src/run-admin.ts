import { tokenFrom } from '@weir/config';
import { formatBytes } from '@weir/http';
import type { ListenerAccount } from '@weir/wire';
import { exitCodes } from './exit-codes.ts';
import type { Options } from './options.ts';
import { checkUrl, explainFetch, findStatus, usualUrls } from './status-source.ts';
import { printable, textTable } from './text-table.ts';
import { UsageError } from './usage.ts';

/** Milliseconds an answer may take: a reload starts what it needs first. */
const answerMillis = 30_000;

interface AdminCommand {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: object;
}

interface Answered {
  readonly says?: string;
  readonly error?: string;
  readonly problems?: readonly string[];
  readonly changes?: readonly { readonly kind: string; readonly name: string; readonly what: string }[];
  readonly listeners?: readonly (ListenerAccount & { readonly edge: string })[];
  readonly next?: string | null;
}

/** `weir admin`: asks weir control, or weir up, to do something. Gives the exit code. */
export async function runAdmin(options: Options): Promise<number> {
  const { method, path, body } = commandOf(options.words);
  const token = options.tokenFile === null ? options.adminToken : tokenFrom({ WEIR_ADMIN_TOKEN_FILE: options.tokenFile });
  if (token === null) throw new UsageError('weir admin needs the token of the configuration: --token-file FILE, $WEIR_ADMIN_TOKEN_FILE or $WEIR_ADMIN_TOKEN');
  const url = options.url === null ? await findUrl() : checkUrl(options.url);
  if (url === null) return exitCodes.unavailable;
  const headers = { Authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) };
  try {
    const response = await fetch(url + path, { method, headers, redirect: 'error', signal: AbortSignal.timeout(answerMillis), ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await response.text();
    if (options.json) process.stdout.write(text);
    else print(response, text);
    return response.ok ? exitCodes.done : exitCodes.failed;
  } catch (error) {
    process.stderr.write(`weir: ${url}: ${explainFetch(error)}\n`);
    return exitCodes.unavailable;
  }
}

/** @throws UsageError for words that are no command */
function commandOf(words: readonly string[]): AdminCommand {
  const [act = '', ...rest] = words;
  const [first = '', second = '', ...more] = rest;
  const one = rest.length === 1;
  if ((act === 'start' || act === 'stop' || act === 'restart') && (first === 'feed' || first === 'encoder') && second !== '' && more.length === 0) {
    return { method: 'POST', path: `/admin/${first}s/${encodeURIComponent(second)}/${act}` };
  }
  if (act === 'listeners' && rest.length <= 1) return { method: 'GET', path: `/admin/listeners?limit=1000${first === '' ? '' : `&stream=${encodeURIComponent(first)}`}` };
  if (act === 'kick' && one) return { method: 'DELETE', path: `/admin/listeners/${encodeURIComponent(first)}` };
  if (act === 'drain' && (one || (rest.length === 2 && /^\d+$/.test(second)))) return { method: 'POST', path: `/admin/edges/${encodeURIComponent(first)}/drain`, body: one ? {} : { seconds: Number(second) } };
  if (act === 'undrain' && one) return { method: 'POST', path: `/admin/edges/${encodeURIComponent(first)}/undrain` };
  if (act === 'reload' && rest.length === 0) return { method: 'POST', path: '/admin/reload' };
  if (act === 'log-level' && (one || rest.length === 2)) return { method: 'PUT', path: '/admin/log-level', body: { level: first, ...(one ? {} : { component: second }) } };
  throw new UsageError('weir admin: expected start, stop or restart, then feed or encoder and a name; listeners [STREAM]; kick ID; drain EDGE [SECONDS]; undrain EDGE; reload; log-level LEVEL [COMPONENT]');
}

/** Where control or standalone usually is; null: not there, which it says. */
async function findUrl(): Promise<string | null> {
  const found = await findStatus([...usualUrls()].reverse(), true, true);
  if (found.url === null) process.stderr.write(`weir: nothing to administer as far as can be seen; --url names what runs\n${found.reasons.map((reason) => `  ${reason}\n`).join('')}`);
  return found.url;
}

function print(response: Response, text: string): void {
  const answer = parse(text);
  if (!response.ok) {
    process.stderr.write(`weir: ${printable(answer?.error ?? `answered ${response.status}`)}\n${(answer?.problems ?? []).map((problem) => `  ${printable(problem)}\n`).join('')}`);
  } else if (answer?.listeners !== undefined) {
    const rows = answer.listeners.map(({ id, edge, stream, address, since, bytes, lagSeconds, userAgent }) => [id, edge, stream, address, since, formatBytes(bytes), `${lagSeconds} s`, userAgent]);
    process.stdout.write(`${textTable(['ID', 'EDGE', 'STREAM', 'ADDRESS', 'SINCE', 'SENT', 'BEHIND', 'USER AGENT'], rows, [5, 6]).join('\n')}\n${answer.next === null ? '' : 'There are more.\n'}`);
  } else {
    process.stdout.write(`${printable(answer?.says ?? '')}\n${(answer?.changes ?? []).map(({ kind, name, what }) => `  ${printable(`${kind} ${name}: ${what}`)}\n`).join('')}`);
  }
}

function parse(text: string): Answered | null {
  try {
    return JSON.parse(text) as Answered | null;
  } catch {
    return null;
  }
}
