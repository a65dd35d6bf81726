/** What a client says about itself; a null user where the protocol knows only a password. */
export interface Login {
  readonly user: string | null;
  readonly password: string;
}

/** The login in an `Authorization` header (RFC 7617); null when there is none. */
export function basicLogin(authorization: string | undefined): Login | null {
  const [, encoded] = /^basic\s+([\w+/=-]+)\s*$/i.exec(authorization ?? '') ?? [];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 0 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
