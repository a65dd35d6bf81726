import { readFileSync } from 'node:fs';
import { formatPlace, pathBeside } from './place.ts';
import { quote } from './problem.ts';
import { entryOf, report } from './tree.ts';
import type { Path, Problems } from './problem.ts';
import type { Entry } from './tree.ts';

const secretBytesMax = 1024;

/**
 * A secret that stands under `noun`, or in the file that `noun_file` names. Null when there are problems, which are then in
 * `problems`.
 */
export function readSecret(parent: Entry, noun: 'password' | 'token', path: Path, problems: Problems): string | null {
  const given = entryOf(parent.value, noun);
  const fileKey = `${noun}_file`;
  const file = entryOf(parent.value, fileKey);
  if (given !== undefined && file !== undefined) {
    report(problems, file.value, [...path, fileKey], `the ${noun} is already at ${formatPlace(given.key.place)}`);
    return null;
  }
  if (given?.value.kind === 'scalar') return given.value.text;
  if (file?.value.kind !== 'scalar') {
    problems.add(parent.key.place, path, `needs ${noun} or ${fileKey}`);
    return null;
  }
  const { text, place } = file.value;
  const secret = readSecretFile(pathBeside(place, text));
  if ('secret' in secret) return secret.secret;
  report(problems, file.value, [...path, fileKey], `${quote(text)}${secret.why === 'large' ? ` has more than ${secretBytesMax} bytes, and holds more than a ${noun}` : `: ${secret.why}`}`);
  return null;
}

/** What a file holds, without the end of its line; or why not, where `large` is more than a secret has. */
export function readSecretFile(path: string): { readonly secret: string } | { readonly why: string } {
  try {
    const bytes = readFileSync(path);
    return bytes.length <= secretBytesMax ? { secret: bytes.toString().replace(/\r?\n$/, '') } : { why: 'large' };
  } catch (error) {
    return { why: error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'there is no such file' : 'it cannot be read' };
  }
}
