import { nothing } from './quantity.ts';

const steps: readonly [unit: string, seconds: number][] = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
];

/** How long `from` was before `to` (both ISO 8601), in its two largest units: `4 s`, `3 min 5 s`, `2 d 7 h`; 0 s when the clocks disagree. */
export function formatElapsed(from: string, to: string): string {
  const millis = Date.parse(to) - Date.parse(from);
  if (!Number.isFinite(millis)) return nothing;
  const seconds = Math.max(0, Math.floor(millis / 1000));
  const first = steps.findIndex(([, size]) => seconds >= size);
  if (first === -1) return '0 s';
  let rest = seconds;
  const parts: string[] = [];
  for (const [unit, size] of steps.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest %= size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.join(' ');
}

/** A moment (ISO 8601) as people read it: `2031-05-06 07:08:09 UTC`. */
export function formatMoment(iso: string): string {
  const millis = Date.parse(iso);
  if (!Number.isFinite(millis)) return nothing;
  return `${new Date(millis).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
