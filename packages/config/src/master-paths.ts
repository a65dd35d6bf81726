import type { MasterConfiguration } from './configuration.ts';

/** A master's URL without user and password: names it in logs and on the page. */
export function masterName({ url }: Pick<MasterConfiguration, 'url'>): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href.replace(/\/$/, '');
}

/** Where a path of the master is here; null when it is none of those that are mirrored. */
export function localPath({ paths, prefix }: MasterConfiguration, path: string): string | null {
  if (!paths.some((pattern) => matches(pattern, path))) return null;
  return prefix !== '' && path === '/' ? prefix : `${prefix}${path}`;
}

/** Whether the stream that is at `local` here may come from `url`, a URL of {@link StreamMirror}, by way of the master. */
export function mirrorsFrom(master: MasterConfiguration, url: string, local: string): boolean {
  const name = masterName(master);
  return url.startsWith(`${name}/`) && localPath(master, url.slice(name.length)) === local;
}

/** The pieces between the stars, each at its first place after the one before: takes time in proportion to the lengths alone. */
function matches(pattern: string, path: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return path === pattern;
  if (!path.startsWith(first)) return false;
  let at = first.length;
  for (const piece of others) {
    const found = path.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return path.length - last.length >= at && path.endsWith(last);
}
