import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { createServer } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { handshakeTimeoutMillis } from '../limits.ts';
import { passOnProxiedAddress, proxiedAddress } from '../proxy-front.ts';
import { endSocket, formatAnswer } from '../source-front/answer.ts';
import { readStart } from '../source-front/read-start.ts';
import type { Start } from '../source-front/read-start.ts';
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

/** A connection that is not yet the HTTP server's. */
interface Waiting {
  readonly socket: Socket;
  readonly address: string;
  told: boolean;
}

/** What the first byte says: a TLS record of the kind handshake (RFC 8446 section 5.1), a method of HTTP, or nothing known. */
type FirstByte = 'handshake' | 'method' | 'unknown';

/**
 * Puts TLS between a server's connections and its HTTP. It is one or the other: who speaks plain HTTP is told so, whoever
 * says anything else is dropped.
 */
export function addTlsFront(server: Server, { certificate, onHandshakeFailed, timeoutMillis = handshakeTimeoutMillis }: TlsOptions): TlsFront {
  const httpHandlers = server.listeners('connection');
  const waiting = new Map<string, Waiting>();
  const fail = (entry: Waiting | undefined, reason: string): void => {
    if (entry === undefined || entry.told) return;
    entry.told = true;
    onHandshakeFailed(entry.address, reason);
  };
  // It listens nowhere: it is given connections, and gives them back with TLS.
  const tls = createServer({ ...pemOf(certificate.current), ALPNProtocols: ['http/1.1'], handshakeTimeout: timeoutMillis });
  const unfollow = certificate.follow((other) => tls.setSecureContext(pemOf(other)));
  tls.on('secureConnection', (secure: TLSSocket) => {
    const ends = endsOf(secure);
    const entry = waiting.get(ends);
    if (entry === undefined) {
      secure.destroy();
      return;
    }
    waiting.delete(ends);
    passOnProxiedAddress(entry.socket, secure);
    for (const handler of httpHandlers) handler.call(server, secure);
  });
  tls.on('tlsClientError', (error: NodeJS.ErrnoException, secure: TLSSocket) => {
    fail(waiting.get(endsOf(secure)), explain(error, timeoutMillis));
    secure.destroy();
  });
  const begin = (entry: Waiting, first: FirstByte): void => {
    const { socket } = entry;
    if (first === 'handshake') {
      tls.emit('connection', socket);
    } else if (first === 'method') {
      fail(entry, 'it speaks plain HTTP');
      endSocket(socket, formatAnswer(400, 'This port speaks HTTPS: write https:// in place of http://.'));
    } else {
      fail(entry, 'it speaks neither TLS nor HTTP');
      socket.destroy();
    }
  };
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const ends = endsOf(socket);
    const entry: Waiting = { socket, address: proxiedAddress(socket) ?? socket.remoteAddress ?? '-', told: false };
    waiting.set(ends, entry);
    socket.on('error', () => {});
    socket.once('close', () => {
      // Another connection may have the same ends by now.
      if (waiting.get(ends) !== entry) return;
      waiting.delete(ends);
      fail(entry, 'it hung up');
    });
    readStart(socket, {
      examine: firstByte,
      onRead: (first) => begin(entry, first),
      onExpired: () => {
        fail(entry, `it said nothing for ${timeoutMillis / 1000} s`);
        socket.destroy();
      },
      timeoutMillis,
    });
  });
  return {
    close: () => {
      unfollow();
      const left = [...waiting.values()];
      waiting.clear();
      for (const { socket } of left) socket.destroy();
    },
  };
}

function pemOf({ cert, key }: Certificate): { readonly cert: string; readonly key: string } {
  return { cert, key };
}

/** The same for a connection and for the TLS on it, and for no other connection at that time. */
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
