import { subjectTokenCharsMax } from './limits.ts';

/** What marks the characters that may not stand in a subject or a key as they are. */
const escape = '=';

/**
 * A name as one token of a NATS subject or key: letters, digits, `-` and `_` as they are, every other UTF-8 byte as `=` and
 * two hexadecimal digits, so that dots, spaces and wildcards cannot enter. Two names never give the same token.
 *
 * @throws RangeError when the name is empty or the token too long
 */
export function encodeToken(name: string): string {
  let token = '';
  for (const byte of new TextEncoder().encode(name)) {
    const char = String.fromCharCode(byte);
    token += /[A-Za-z0-9_-]/.test(char) ? char : escape + byte.toString(16).padStart(2, '0');
  }
  if (token.length === 0 || token.length > subjectTokenCharsMax) {
    throw new RangeError(`a name of ${token.length} encoded characters: 1 to ${subjectTokenCharsMax} are allowed`);
  }
  return token;
}

/** The name a token stands for; null when it is not one of ours. */
export function decodeToken(token: string): string | null {
  const bytes: number[] = [];
  for (let index = 0; index < token.length; index++) {
    const char = token.charAt(index);
    if (char !== escape) {
      if (!/[A-Za-z0-9_-]/.test(char)) return null;
      bytes.push(char.charCodeAt(0));
      continue;
    }
    const hex = token.slice(index + 1, index + 3);
    if (!/^[0-9a-f]{2}$/.test(hex)) return null;
    bytes.push(Number.parseInt(hex, 16));
    index += 2;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(bytes));
  } catch {
    return null;
  }
}

/**
 * The name of one listener's own run of a stream. No stream can be called so: names have no spaces.
 *
 * @param session letters, digits and `-`, 64 at most
 */
export function sessionStream(stream: string, session: string): string {
  return `session ${session} of ${stream}`;
}

/** The stream of a name that {@link sessionStream} gave; null for any other name. */
export function streamOfSession(name: string): string | null {
  return /^session [A-Za-z0-9-]{1,64} of (\S+)$/.exec(name)?.[1] ?? null;
}

/** The subjects of one deployment; several may share a NATS under different prefixes. */
export class Subjects {
  readonly #prefix: string;

  /** @param prefix dot-separated tokens of letters, digits, `-` and `_` */
  constructor(prefix = 'weir') {
    if (!/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/.test(prefix)) {
      throw new RangeError(`"${prefix}" is no subject prefix: use letters, digits, - and _, parted by dots`);
    }
    this.#prefix = prefix;
  }

  /** Envelopes, from the owner of the stream to every edge that has listeners for it. */
  frames(stream: string): string {
    return `${this.#prefix}.frames.${encodeToken(stream)}`;
  }

  /** Edges say how many listeners they have; every ingest hears it. */
  demand(stream: string): string {
    return `${this.#prefix}.demand.${encodeToken(stream)}`;
  }

  /** Demand for any stream. */
  get anyDemand(): string {
    return `${this.#prefix}.demand.*`;
  }

  /** Requests to the owner: init and the tail of its ring. */
  snapshot(stream: string): string {
    return `${this.#prefix}.snapshot.${encodeToken(stream)}`;
  }

  /** Requests to the owner: one picture of now. */
  picture(stream: string): string {
    return `${this.#prefix}.picture.${encodeToken(stream)}`;
  }

  /** An ingest has given the lease of a feed back: whoever needs it may take it. */
  free(feed: string): string {
    return `${this.#prefix}.free.${encodeToken(feed)}`;
  }

  get anyFree(): string {
    return `${this.#prefix}.free.*`;
  }

  /** The sources of patterns that an ingest has, for edges to serve. */
  sources(instance: string): string {
    return `${this.#prefix}.sources.${encodeToken(instance)}`;
  }

  get anySources(): string {
    return `${this.#prefix}.sources.*`;
  }

  /** One instance's account of itself, about once a second. */
  status(role: string, instance: string): string {
    return `${this.#prefix}.status.${encodeToken(role)}.${encodeToken(instance)}`;
  }

  /** An edge has room for more listeners; it tells each second. */
  room(instance: string): string {
    return `${this.#prefix}.room.${encodeToken(instance)}`;
  }

  get anyRoom(): string {
    return `${this.#prefix}.room.*`;
  }

  /** What an administrator wants of one instance. Who may publish here may administer: NATS permissions say who. */
  admin(instance: string): string {
    return `${this.#prefix}.admin.${encodeToken(instance)}`;
  }

  /** The accounts of all of a role: a leaf node passes on what its user may publish, and not what takes in more. */
  anyStatus(role: string): string {
    return `${this.#prefix}.status.${encodeToken(role)}.*`;
  }

  /** The last token of a subject, decoded. */
  static nameIn(subject: string): string | null {
    return decodeToken(subject.slice(subject.lastIndexOf('.') + 1));
  }

  /** A bucket's name, and without JetStream the subject on which its copies hear each other. */
  bucket(name: string): string {
    return `${this.#prefix}.${name}`;
  }
}
