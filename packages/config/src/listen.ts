/** Where a server listens. */
export interface ListenAddress {
  /** Null: every address. */
  readonly host: string | null;
  /** 0 takes a free one. */
  readonly port: number;
}

/** The parts of a `listen` value; IPv6 addresses lose their brackets. The text must be of a checked configuration. */
export function parseListen(listen: string): ListenAddress {
  const colon = listen.lastIndexOf(':');
  const host = listen.slice(0, colon).replace(/^\[|\]$/g, '');
  return { host: host === '' ? null : host, port: Number(listen.slice(colon + 1)) };
}
