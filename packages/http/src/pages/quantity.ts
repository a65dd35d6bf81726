/** What stands where there is no number to show. */
export const nothing = '–';

/** A whole number with its thousands apart: `12,345`. */
export function formatCount(count: number): string {
  return Number.isFinite(count) ? String(Math.round(count)).replace(/\B(?=(?:\d{3})+$)/g, ',') : nothing;
}

/** A size in decimal units and three digits: `999 B`, `1.25 MB`. */
export function formatBytes(bytes: number): string {
  return scale(bytes, ['B', 'kB', 'MB', 'GB', 'TB', 'PB']);
}

/** A rate in decimal units and three digits: `128 kbit/s`, `2.10 Mbit/s`. */
export function formatBitRate(bitsPerSecond: number): string {
  return scale(bitsPerSecond, ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s']);
}

/** Units are a thousand apart. A number that rounds up to a thousand moves on to the next unit. */
function scale(amount: number, units: readonly string[]): string {
  if (!Number.isFinite(amount)) return nothing;
  let rest = amount;
  let index = 0;
  while (rest >= 999.5 && index < units.length - 1) {
    rest /= 1000;
    index++;
  }
  const digits = index === 0 || rest >= 99.95 ? 0 : rest >= 9.995 ? 1 : 2;
  return `${rest.toFixed(digits)} ${units[index]}`;
}
