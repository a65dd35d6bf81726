import { createHash } from 'node:crypto';
import { readSecret, readSecretFile } from './read-secret.ts';
import { quote } from './problem.ts';
import { check } from './schema/check.ts';
import { adminSchema } from './schema/admin.ts';
import type { Environment } from './environment.ts';
import type { AdminConfiguration } from './configuration.ts';
import type { Problems } from './problem.ts';
import type { Entry } from './tree.ts';

const form = 'expected a token of 8 to 1024 characters from "!" to "~": make one with `openssl rand -hex 24`';

/** What the section `admin` comes to. In place of what has problems, which are then in `problems`, stands nothing. */
export function resolveAdmin(entry: Entry | undefined, problems: Problems): AdminConfiguration {
  const none: AdminConfiguration = { tokenHash: null };
  if (entry === undefined || check(adminSchema, entry.value, ['admin'], problems, entry.key) === null) return none;
  const token = readSecret(entry, 'token', ['admin'], problems);
  if (token === null) return none;
  const tokenHash = hashOfToken(token);
  if (tokenHash === null) problems.add(entry.key.place, ['admin'], form);
  return { tokenHash };
}

/**
 * The SHA-256 of a token in base64; null for what is too weak for one, or could not stand in a header. A token is no password:
 * it is long, and its hash stays within the process that read it.
 */
export function hashOfToken(token: string): string | null {
  return /^[!-~]{8,1024}$/.test(token) ? createHash('sha256').update(token).digest('base64') : null;
}

/**
 * The token in `WEIR_ADMIN_TOKEN`, or in the file that `WEIR_ADMIN_TOKEN_FILE` names; null when there is neither.
 *
 * @throws RangeError for one that is none, or a file that cannot be read
 */
export function tokenFrom(environment: Environment): string | null {
  const [given, file] = [environment['WEIR_ADMIN_TOKEN'], environment['WEIR_ADMIN_TOKEN_FILE']];
  if (given === undefined && file === undefined) return null;
  const secret = given === undefined ? readSecretFile(file ?? '') : { secret: given };
  const name = given === undefined ? `WEIR_ADMIN_TOKEN_FILE ${quote(file ?? '')}` : 'WEIR_ADMIN_TOKEN';
  if ('why' in secret) throw new RangeError(`${name}: ${secret.why === 'large' ? 'it holds more than a token' : secret.why}`);
  if (hashOfToken(secret.secret) === null) throw new RangeError(`${name}: ${form}`);
  return secret.secret;
}
