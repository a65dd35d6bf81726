import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { createServer } from 'node:tls';
import type { Server as TlsServer, TLSSocket } from 'node:tls';
import { handshakeTimeoutMillis } from '../limits.ts';
import { passOnProxiedAddress, proxiedAddress } from '../proxy-front.ts';
import { endSocket, formatAnswer } from '../source-front/answer.ts';
import { readStart } from '../source-front/read-start.ts';
import type { Start } from '../source-front/read-start.ts';
import { takeConnections } from '../take-connections.ts';
import type { Certificate } from './certificate.ts';
import type { ServedCertificate } from './served-certificate.ts';

/** What a server needs to speak HTTPS. */
export interface TlsOptions {
  readonly certificate: ServedCertificate;
  /** Told once for each connection that came to no TLS: the client's address, and why. */
  readonly onHandshakeFailed: (address: string, reason: string) => void;
  /** Milliseconds for the first byte, and again for the rest of the handshake; a limit's when left out. */
  readonly timeoutMillis?: number;
}

/** The TLS of one server. */
export interface TlsFront {
  /** Drops all connections that have no TLS yet. */
  close(): void;
}

/** What the first byte says: a TLS record of the kind handshake (RFC 8446 section 5.1), a method of HTTP, or nothing known. */
type FirstByte = 'handshake' | 'method' | 'unknown';

/** A connection that is not yet the HTTP server's. */
interface Waiting {
  readonly socket: Socket;
  readonly address: string;
  /** Whether its failure was told. */
  told: boolean;
}

/**
 * Puts TLS between a server's connections and its HTTP. It is one or the other: who speaks plain HTTP is told so, whoever
 * says anything else is dropped.
 */
export function addTlsFront(server: Server, options: TlsOptions): TlsFront {
  const front = new Front(options, takeConnections(server));
  server.on('connection', (socket: Socket) => front.take(socket));
  return front;
}

class Front implements TlsFront {
  readonly #options: TlsOptions;
  readonly #timeoutMillis: number;
  /** It listens nowhere: it is given connections, and gives them back with TLS. */
  readonly #tls: TlsServer;
  readonly #unfollow: () => void;
  /** By their ends, which are what a connection and the TLS on it have in common. */
  readonly #waiting = new Map<string, Waiting>();

  constructor(options: TlsOptions, handOn: (secure: TLSSocket) => void) {
    const { certificate, timeoutMillis = handshakeTimeoutMillis } = options;
    this.#options = options;
    this.#timeoutMillis = timeoutMillis;
    this.#tls = createServer({ ...pemOf(certificate.current), ALPNProtocols: ['http/1.1', 'http/1.0'], handshakeTimeout: timeoutMillis });
    this.#unfollow = certificate.follow((other) => this.#tls.setSecureContext(pemOf(other)));
    this.#tls.on('secureConnection', (secure) => {
      if (this.#release(secure)) handOn(secure);
      else secure.destroy();
    });
    this.#tls.on('tlsClientError', (error, secure) => {
      this.#fail(this.#waiting.get(endsOf(secure)), explain(error, timeoutMillis));
      secure.destroy();
    });
  }

  take(socket: Socket): void {
    const ends = endsOf(socket);
    const entry: Waiting = { socket, address: proxiedAddress(socket) ?? socket.remoteAddress ?? '-', told: false };
    this.#waiting.set(ends, entry);
    socket.on('error', () => {});
    socket.once('close', () => {
      // A newer connection may have the same ends by now.
      if (this.#waiting.get(ends) !== entry) return;
      this.#waiting.delete(ends);
      this.#fail(entry, 'it hung up');
    });
    readStart(socket, {
      examine: firstByte,
      onRead: (first) => this.#begin(entry, first),
      onExpired: () => this.#drop(entry, `it said nothing for ${this.#timeoutMillis / 1000} s`),
      timeoutMillis: this.#timeoutMillis,
    });
  }

  close(): void {
    this.#unfollow();
    const left = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { socket } of left) socket.destroy();
  }

  #begin(entry: Waiting, first: FirstByte): void {
    if (first === 'handshake') {
      // Who ends in a handshake has left; afterwards it may be how a source ends its body.
      entry.socket.allowHalfOpen = false;
      this.#tls.emit('connection', entry.socket);
    } else if (first === 'unknown') {
      this.#drop(entry, 'it speaks neither TLS nor HTTP');
    } else {
      this.#fail(entry, 'it speaks plain HTTP');
      endSocket(entry.socket, formatAnswer(400, 'This port speaks HTTPS: write https:// in place of http://.'));
    }
  }

  /** False for a connection that is gone. */
  #release(secure: TLSSocket): boolean {
    const ends = endsOf(secure);
    const entry = this.#waiting.get(ends);
    if (entry === undefined) return false;
    this.#waiting.delete(ends);
    secure.allowHalfOpen = true;
    passOnProxiedAddress(entry.socket, secure);
    return true;
  }

  #drop(entry: Waiting, reason: string): void {
    this.#fail(entry, reason);
    entry.socket.destroy();
  }

  #fail(entry: Waiting | undefined, reason: string): void {
    if (entry === undefined || entry.told) return;
    entry.told = true;
    this.#options.onHandshakeFailed(entry.address, reason);
  }
}

function pemOf({ cert, key }: Certificate): { readonly cert: string; readonly key: string } {
  return { cert, key };
}

/** Both ends of a connection: no other has them at the same time. */
function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}

/** All bytes are left for whoever speaks with the client. */
function firstByte(read: Buffer): Start<FirstByte> {
  const byte = read[0] ?? 0;
  return { bytesUsed: 0, found: byte === 22 ? 'handshake' : byte >= 0x41 && byte <= 0x5a ? 'method' : 'unknown' };
}

function explain(error: NodeJS.ErrnoException & { readonly reason?: string }, timeoutMillis: number): string {
  if (error.code === 'ECONNRESET') return 'it hung up';
  if (error.code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return `its handshake took longer than ${timeoutMillis / 1000} s`;
  return error.reason ?? error.message;
}
