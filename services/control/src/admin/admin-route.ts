/** A request to an {@link AdminRoute}, its token checked. */
export interface AdminCall {
  /** What stands in the path for each `{name}`, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Empty where none was sent. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Where the client found this server. */
  readonly origin: string;
}

/** An answer: an object as JSON, a text as what `type` says. */
export interface AdminAnswer {
  readonly status: number;
  readonly body: object | string;
  readonly type?: string;
}

/** Something that can be asked of control, or of standalone. */
export interface AdminRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With `{name}` for one decoded segment. */
  readonly path: string;
  /**
   * - `open` to everybody, and to pages of any site
   * - `read` shows something to whoever has the token, as a bearer token or as a password
   * - `action` changes something: bearer token alone, which no browser sends by itself
   */
  readonly access: 'open' | 'read' | 'action';
  /** One line for people. */
  readonly summary: string;
  /** What its query may have. */
  readonly query?: readonly string[];
  /** What its JSON body may have. */
  readonly body?: Readonly<Record<string, 'string' | 'number'>>;
  /** Of its answer; JSON when left out. */
  readonly type?: string;
  readonly answer: (call: AdminCall) => Promise<AdminAnswer> | AdminAnswer;
}

/** The version of what administrators are answered. */
export const adminVersion = 1;

/** An answer that tells what was done. */
export function done(says: string, more: object = {}): AdminAnswer {
  return { status: 200, body: { version: adminVersion, says, ...more } };
}

/** An answer that tells what is wrong, and what to do. */
export function refused(status: number, error: string, more: object = {}): AdminAnswer {
  return { status, body: { version: adminVersion, error, ...more } };
}
