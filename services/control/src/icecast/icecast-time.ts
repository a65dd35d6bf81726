/** `Sat, 03 Oct 2020 15:45:30 +0000`, as Icecast writes it; in UTC. */
export function icecastTime(time: Date): string {
  return time.toUTCString().replace(/GMT$/, '+0000');
}

/** `2020-10-03T15:45:30+0000`, without the colon that ISO 8601 has elsewhere; in UTC. */
export function isoTime(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, '+0000');
}
