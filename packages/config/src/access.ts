import { check } from './schema/check.ts';
import { accessSchema } from './schema/access.ts';
import { entryOf } from './tree.ts';
import type { AccessFiles } from './access-files.ts';
import type { ListenerAccess } from './configuration.ts';
import type { Path, Problems } from './problem.ts';
import type { Entry } from './tree.ts';

/** Who may listen, in its final form; null: anybody. What has problems, which are then in `problems`, is null as well. */
export function resolveAccess(entry: Entry, path: Path, files: AccessFiles, problems: Problems): ListenerAccess | null {
  const before = problems.reports;
  const input = check(accessSchema, entry.value, path, problems, entry.key);
  if (input === null || input === 'open') return null;
  const { basic, signed, allow = [], deny = [] } = input;
  const htpasswdFile = basic === undefined ? '' : files.readHtpasswd(part(entry, 'basic'), 'htpasswd_file', [...path, 'basic']);
  const keyFile = signed === undefined ? '' : files.readKeys(part(entry, 'signed'), 'key_file', [...path, 'signed']);
  if (basic === undefined && signed === undefined && allow.length === 0 && deny.length === 0) {
    problems.add(entry.key.place, path, 'needs basic, signed, allow or deny, or access: open for anybody');
  }
  if (problems.reports > before) return null;
  return {
    basic: basic === undefined ? null : { htpasswdFile, realm: basic.realm },
    signed: signed === undefined ? null : { keyFile },
    allow,
    deny,
  };
}

function part(entry: Entry, key: string): Entry['value'] {
  return entryOf(entry.value, key)?.value ?? entry.value;
}
