import { STATUS_CODES } from 'node:http';

const certificateHints: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired: renew it there, or set the clock here',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: set the clock',
};

const connectionHints: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections: does the server run, on this port?',
  EHOSTUNREACH: 'is not reachable: is the network up?',
  ENETUNREACH: 'is in a network that is not reachable: is the network up?',
  ETIMEDOUT: 'does not answer: is a firewall between?',
  ECONNRESET: 'broke the connection off',
  EPROTO: 'does not speak TLS here: is it http:// rather than https://, or another port?',
};

const untrusted: ReadonlySet<string> = new Set(['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE']);

/** Why a connection failed, and what to do: the rest of a sentence that begins with the address. */
export function explainConnection(error: NodeJS.ErrnoException, name: string): string {
  const code = error.code ?? '';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `has a certificate for another name than ${name}: use a name that is in it`;
  if (untrusted.has(code)) return 'has a certificate of an authority that is not known here: put that authority into a file and set NODE_EXTRA_CA_CERTS to it';
  return connectionHints[code] ?? certificateHints[code] ?? `failed: ${error.message}`;
}

/** What had been sent when a server answered. */
export interface AskedWith {
  readonly credentials: boolean;
  /** Credentials of the first URL were left behind at a redirect to another origin. */
  readonly withheld: boolean;
}

/** What an answer that brings no media means, and what to do: the rest of a sentence that begins with the URL. */
export function explainStatus(status: number, { credentials, withheld }: AskedWith): string {
  const answers = `answers ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
  switch (status) {
    case 401:
      if (credentials) return `${answers}: it refuses the user and password of the URL`;
      if (withheld) return `${answers}: a user and password are not sent on to another server; write them into the URL that the redirect leads to`;
      return `${answers}: it wants a user and password; write them into the URL, http://USER:PASSWORD@...`;
    case 403:
      return `${answers}: it does not serve this stream to us`;
    case 404:
    case 410:
      return `${answers}: it has no such stream now; is the path right, and does its source run?`;
    case 429:
    case 503:
      return `${answers}: it has no place for one more listener, or no source now`;
    default:
      return `${answers} where 200 was expected`;
  }
}
