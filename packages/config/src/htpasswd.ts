/** Users of one file; far more belong into something that signs links. */
const usersMax = 5000;

/** What `bcrypt` may cost, as a power of two: 14 takes a second and more of one core for each login. */
const bcryptCostMax = 14;

const bcrypt = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;
const apr1 = /^\$apr1\$[^$:]{1,8}\$[./A-Za-z0-9]{22}$/;
const sha1 = /^\{SHA\}[A-Za-z0-9+/]{27}=$/;

/** A line that cannot be used, counted from 1; never with its hash. */
export interface HtpasswdFault {
  readonly line: number;
  readonly why: string;
}

/**
 * Reads the text of an htpasswd file: `USER:HASH` lines, blank lines and those that begin with `#`. Hashes are bcrypt (`$2y$`),
 * Apache's MD5 (`$apr1$`) or SHA-1 (`{SHA}`). A file without users is one that lets nobody in.
 */
export function parseHtpasswd(text: string): { readonly users: ReadonlyMap<string, string>; readonly faults: readonly HtpasswdFault[] } {
  const users = new Map<string, string>();
  const faults: HtpasswdFault[] = [];
  text.split('\n').forEach((written, index) => {
    const line = written.trim();
    if (line === '' || line.startsWith('#')) return;
    const why = users.size >= usersMax ? `more than ${usersMax} users: hand out signed links instead` : takeLine(line, users);
    if (why !== null) faults.push({ line: index + 1, why });
  });
  return { users, faults: faults.slice(0, 20) };
}

/** Why a line cannot be taken; null when it is. */
function takeLine(line: string, users: Map<string, string>): string | null {
  const colon = line.indexOf(':');
  const [user, hash] = [line.slice(0, Math.max(0, colon)), line.slice(colon + 1)];
  if (!/^[^:\p{C}\p{Zl}\p{Zp}]{1,200}$/u.test(user)) return 'expected USER:HASH, as htpasswd -B writes it';
  if (users.has(user)) return 'this user has a line already';
  const cost = Number(bcrypt.exec(hash)?.[1] ?? 0);
  if (cost > bcryptCostMax || (cost > 0 && cost < 4)) return `bcrypt with cost ${cost}: make the line anew with cost 4 to ${bcryptCostMax}: htpasswd -B -C 10 FILE USER`;
  if (cost === 0 && !apr1.test(hash) && !sha1.test(hash)) return 'the password is neither bcrypt, apr1 nor {SHA}: make the line anew with htpasswd -B FILE USER';
  users.set(user, hash);
  return null;
}
