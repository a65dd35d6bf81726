import type { Listener, ListenerEnd } from './listener.ts';
import { shownTarget } from './shown-target.ts';

/**
 * One line for a listener at its end: Apache's combined format, then seconds, times skipped, and why it ended. Client text is
 * quoted with control characters escaped; the user is whose password let the listener in.
 */
export function accessLine(listener: Listener, reason: ListenerEnd, nowMillis: number, now: Date): string {
  const { address, grant, method, target, httpVersion, referer, userAgent } = listener.identity;
  const seconds = ((nowMillis - listener.startedMillis) / 1000).toFixed(1);
  const request = quoted(`${method} ${shownTarget(target)} HTTP/${httpVersion}`);
  const user = grant.by === 'login' ? grant.user.replace(/[\s"%\\]/gu, encodeURIComponent) : '-';
  return `${address} - ${user} [${clfTime(now)}] ${request} 200 ${listener.bytes} ${quoted(shownTarget(referer))} ${quoted(userAgent)} ${seconds} ${listener.cursor.skips} ${reason}`;
}

function quoted(text: string): string {
  const escaped = text
    .slice(0, 500)
    .replace(/[\\"]/g, '\\$&')
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `"${escaped === '' ? '-' : escaped}"`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `21/Nov/2026:01:02:03 +0000`, in UTC. */
function clfTime(now: Date): string {
  const [date = '', time = ''] = now.toISOString().split('T');
  const [year = '', month = '1', day = ''] = date.split('-');
  return `${day}/${months[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}
