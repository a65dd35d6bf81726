import { createHash, scryptSync } from 'node:crypto';
import type { AccessFiles } from './access-files.ts';
import { reportKey } from './report-key.ts';
import { isPattern } from './patterns.ts';
import { readSecret } from './read-secret.ts';
import { entryOf } from './tree.ts';
import type { FeedSource, PushCredentials } from './configuration.ts';
import type { Path, Problems } from './problem.ts';
import type { FeedInput } from './schema/feed.ts';
import type { Entry } from './tree.ts';

/** What a password costs to try: some 40 ms and 16 MiB (RFC 7914 section 2). */
const cost = { N: 16_384, r: 8, p: 1 } as const;
const hashBytes = 32;

/** Sources of a feed whose path has a `*`, unless it says otherwise. */
const sourcesMaxDefault = 100;

/** Hashes by user and password, since a reload finds mostly those it knows. */
const known = new Map<string, string>();
const knownMax = 10_000;

/** A feed that clients push. Null when there are problems, which are then in `problems`. */
export function resolvePush(entry: Entry, input: FeedInput, path: Path, files: AccessFiles, problems: Problems): FeedSource | null {
  const before = problems.reports;
  const credentials = resolveCredentials(entry, input, path, files, problems);
  if (problems.reports > before || input.push === undefined) return null;
  const { allow = [], deny = [] } = typeof input.source === 'object' ? input.source : {};
  return { kind: 'push', path: input.push, credentials, addresses: { allow, deny }, takeover: input.takeover, sourcesMax: isPattern(input.push) ? (input.max_sources ?? sourcesMaxDefault) : null };
}

function resolveCredentials(entry: Entry, input: FeedInput, path: Path, files: AccessFiles, problems: Problems): PushCredentials | null {
  if (input.source === 'open') return null;
  const source = entryOf(entry.value, 'source');
  if (input.source === undefined || source === undefined) {
    reportKey(entry, 'push', path, 'needs source: { user: ..., password: ... } beside it, or source: open for anybody', problems);
    return null;
  }
  if (input.source.htpasswd_file !== undefined) {
    for (const key of ['user', 'password', 'password_file']) reportKey(source, key, [...path, 'source'], 'stands in the file that htpasswd_file names', problems);
    return { htpasswdFile: files.readHtpasswd(source.value, 'htpasswd_file', [...path, 'source']) };
  }
  const { user = 'source' } = input.source;
  const password = readSecret(source, 'password', [...path, 'source'], problems);
  if (password === '') problems.add(source.key.place, [...path, 'source'], 'the password is empty');
  return { user, passwordHash: hashOfPassword(user, password ?? '') };
}

/**
 * `scrypt$N$r$p$salt$hash`. The salt follows from the user's name, so that the same configuration gives the same hash and a
 * reload changes nothing; what is published never holds the password.
 */
function hashOfPassword(user: string, password: string): string {
  const key = JSON.stringify([user, password]);
  const found = known.get(key);
  if (found !== undefined) return found;
  const salt = createHash('sha256').update(`weir source ${user}`).digest().subarray(0, 16);
  const hash = scryptSync(password, salt, hashBytes, cost);
  const text = ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64'), hash.toString('base64')].join('$');
  if (known.size >= knownMax) known.clear();
  known.set(key, text);
  return text;
}
