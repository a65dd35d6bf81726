/** A size in decimal units and three digits: `999 B`, `1.25 MB`. */
export function formatBytes(bytes: number): string {
  return scale(bytes, ['B', 'kB', 'MB', 'GB', 'TB']);
}

/** A rate in decimal units and three digits: `128 kbit/s`, `2.10 Mbit/s`. */
export function formatBitRate(bitsPerSecond: number): string {
  return scale(bitsPerSecond, ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s']);
}

/** A short time: `0.42 ms`, `12.3 ms`, `1.20 s`. */
export function formatMillis(millis: number): string {
  return millis >= 999.5 ? `${digits(millis / 1000)} s` : `${digits(millis)} ms`;
}

function scale(amount: number, units: readonly [string, ...string[]]): string {
  let index = 0;
  for (; amount >= 999.5 && index < units.length - 1; index++) amount /= 1000;
  return `${index === 0 ? Math.round(amount) : digits(amount)} ${units[index]}`;
}

/** Three digits, as far as there are any after the point. */
function digits(amount: number): string {
  return amount.toFixed(amount >= 99.95 ? 0 : amount >= 9.995 ? 1 : 2);
}
