import { lookup } from 'node:dns/promises';
import { connect, isIP } from 'node:net';
import { requestHead } from '@weir/http';

/** The server that is tested, its name resolved once for all listeners. */
export interface Target {
  /** As the URL has it, without brackets. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** How its certificate is taken; plain HTTP has none. */
  readonly security: 'plain' | 'checked' | 'unchecked';
  /** What every listener sends. */
  readonly request: Buffer;
  /** It can be none but this machine. */
  readonly isLoopback: boolean;
}

/** The URL's host has no address, or nobody knows it now. */
export class UnknownHostError extends Error {
  override readonly name = 'UnknownHostError';
}

/** Milliseconds an address may take to accept a connection before the next one is tried. */
const probeMillisMax = 3000;

/**
 * Of several addresses of a name, such as those of `localhost`, the first that accepts a connection.
 *
 * @param insecure of https, whether any certificate will do
 * @throws UnknownHostError
 */
export async function resolveTarget(url: URL, insecure: boolean): Promise<Target> {
  const secure = url.protocol === 'https:';
  const name = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  const address = await firstThatAccepts(await addressesOf(name), port);
  const security = secure ? (insecure ? 'unchecked' : 'checked') : 'plain';
  return { name, address, port, security, request: Buffer.from(requestHead(url, 'weir-load'), 'latin1'), isLoopback: isLoopback(address) };
}

async function addressesOf(name: string): Promise<readonly string[]> {
  try {
    return (await lookup(name, { all: true })).map(({ address }) => address);
  } catch (error) {
    throw new UnknownHostError(`${name}: no address is known (${error instanceof Error ? error.message : String(error)})`, { cause: error });
  }
}

async function firstThatAccepts(addresses: readonly string[], port: number): Promise<string> {
  const [first = '', ...more] = addresses;
  if (more.length === 0) return first;
  for (const address of addresses) {
    if (await accepts(address, port)) return address;
  }
  return first;
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(probeMillisMax, () => settle(false));
    socket.once('connect', () => settle(true)).once('error', () => settle(false));
  });
}

/** True for 127.0.0.0/8 and ::1. */
export function isLoopback(address: string): boolean {
  return isIP(address) === 4 ? address.startsWith('127.') : /^(::1|::ffff:127\..*)$/i.test(address);
}
