import { lookup } from 'node:dns';
import { connect, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { formatAddress } from '../address.ts';
import { connectTimeoutMillis } from '../limits.ts';
import { explainConnection } from './explanations.ts';

/** Who is told what came of it: one of the two, once, and never before {@link Dialer} is made. */
export interface DialerPeer {
  /** The socket has no listeners. */
  onConnected(socket: Socket): void;
  /** @param reason of every address */
  onFailed(reason: string): void;
}

/** Connects to the first address of a URL's host that accepts, one after the other; over TLS to the one that proves to be that host. */
export class Dialer {
  readonly #name: string;
  readonly #port: number;
  readonly #secure: boolean;
  /** Null: those of the system. */
  readonly #authorities: string | null;
  readonly #peer: DialerPeer;
  readonly #failures: string[] = [];
  #socket: Socket | null = null;
  #timer: NodeJS.Timeout;
  #over = false;

  /** @param authorities certificates in PEM that are trusted in place of the system's */
  constructor(url: URL, authorities: string | null, peer: DialerPeer) {
    this.#name = url.hostname.replace(/^\[(.*)\]$/, '$1');
    this.#secure = url.protocol === 'https:';
    this.#port = url.port === '' ? (this.#secure ? 443 : 80) : Number(url.port);
    this.#authorities = authorities;
    this.#peer = peer;
    const seconds = connectTimeoutMillis / 1000;
    this.#timer = setTimeout(() => this.#fail(`no name server told the address of ${this.#name} within ${seconds} s: is the name server reachable?`), connectTimeoutMillis);
    lookup(this.#name, { all: true }, (error, addresses) => {
      if (this.#over) return;
      clearTimeout(this.#timer);
      if (error === null) this.#try(addresses.map(({ address }) => address));
      else this.#fail(`${this.#name} has no known address (${error.code ?? error.message}): is the name right?`);
    });
  }

  /** Gives up; nothing is told. Does nothing to a socket that was handed over. */
  stop(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#socket?.destroy();
  }

  #try(addresses: readonly string[]): void {
    const [address, ...others] = addresses;
    if (address === undefined) {
      this.#fail(this.#failures.join('; '));
      return;
    }
    const socket = this.#connect(address);
    this.#socket = socket;
    const connected = this.#secure ? 'secureConnect' : 'connect';
    const failed = (reason: string): void => {
      if (this.#over || this.#socket !== socket) return;
      clearTimeout(this.#timer);
      socket.destroy();
      this.#failures.push(`${formatAddress({ host: address, port: this.#port })} ${reason}`);
      this.#try(others);
    };
    socket.on('error', (error) => failed(explainConnection(error, this.#name)));
    socket.once('close', () => failed('closed the connection before it was made'));
    this.#timer = setTimeout(() => failed(`did not accept within ${connectTimeoutMillis / 1000} s: is a firewall between?`), connectTimeoutMillis);
    socket.once(connected, () => {
      if (this.#over) return;
      clearTimeout(this.#timer);
      this.#over = true;
      this.#socket = null;
      socket.removeAllListeners('error').removeAllListeners('close');
      this.#peer.onConnected(socket);
    });
  }

  #connect(host: string): Socket {
    const options = { host, port: this.#port };
    if (!this.#secure) return connect(options);
    // An address has no server name (RFC 6066 section 3): the certificate is then checked for the address itself.
    const servername = isIP(this.#name) === 0 ? { servername: this.#name } : {};
    return connectSecurely({ ...options, ...servername, ALPNProtocols: ['http/1.1'], ...(this.#authorities === null ? {} : { ca: this.#authorities }) });
  }

  #fail(reason: string): void {
    this.stop();
    this.#peer.onFailed(reason);
  }
}
