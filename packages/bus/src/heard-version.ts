import { heardKeyCharsMax } from './limits.ts';

/** One state of a key, without its value: who wrote it, and how it stands to others. */
export interface HeardVersion {
  readonly key: string;
  /** The bucket of the process that wrote it. */
  readonly writer: string;
  /** One more each time that the key changes hands, as far as its writer knew; where values stay, the revision. */
  readonly term: number;
  /** The revision with which the writer took the key. */
  readonly birth: number;
  /** Unix milliseconds, or one more than the last that was known. */
  readonly revision: number;
  readonly deleted: boolean;
}

/**
 * Whether `a` stands where processes know both `a` and `b`: the same answer everywhere, so that all come to agree. Of two that
 * took a key without knowing of each other, the first keeps it.
 */
export function precedes(a: HeardVersion, b: HeardVersion): boolean {
  if (a.term !== b.term) return a.term > b.term;
  if (a.birth !== b.birth) return a.birth < b.birth;
  if (a.writer !== b.writer) return a.writer < b.writer;
  return a.revision > b.revision;
}

/** The version alone, of something that has more to it. */
export function versionOf({ key, writer, term, birth, revision, deleted }: HeardVersion): HeardVersion {
  return { key, writer, term, birth, revision, deleted };
}

/** What a message says of a version; null for what is none. */
export function readVersion(value: unknown): HeardVersion | null {
  if (typeof value !== 'object' || value === null) return null;
  const { key, writer, term, birth, revision, deleted } = value as Partial<Record<keyof HeardVersion, unknown>>;
  if (typeof key !== 'string' || !isKey(key) || !isWriter(writer) || !isCount(term) || !isCount(birth) || !isCount(revision) || typeof deleted !== 'boolean') return null;
  return { key, writer, term, birth, revision, deleted };
}

/** Whether it may be the key of a bucket. */
export function isKey(text: string): boolean {
  return text.length <= heardKeyCharsMax && /^[A-Za-z0-9\-_=./]+$/.test(text);
}

/** Whether it may name a bucket of a process, and so stand in a subject. */
export function isWriter(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f-]{36}$/.test(value);
}

/** Whether it is a whole number from 0 that can be counted on. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
