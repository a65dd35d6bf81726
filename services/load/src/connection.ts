import { connect, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import type { Target } from './target.ts';

/** What a connection tells its user. */
export interface ConnectionPeer {
  connected(): void;
  /**
   * The first `count` of `bytes` have come; they are gone after the call, since all connections read into one buffer.
   *
   * @returns false: no more until the socket's `resume` is called
   */
  received(bytes: Uint8Array, count: number): boolean;
  /** Called once, last. @param reason the error's code; null when the other side has closed in peace. */
  closed(reason: string | null): void;
}

/**
 * Connects without a buffer of its own, and tells what happens by plain calls.
 *
 * @param buffer shared with other connections: a read and its call are over before the next read
 */
export function openConnection(target: Target, localAddress: string | undefined, buffer: Uint8Array, peer: ConnectionPeer): Socket {
  const options = {
    host: target.address,
    port: target.port,
    autoSelectFamily: false,
    onread: { buffer, callback: (count: number, bytes: Uint8Array) => peer.received(bytes, count) },
    ...(localAddress === undefined ? {} : { localAddress }),
  };
  const secure = target.security !== 'plain';
  const tls = { ...(isIP(target.name) === 0 ? { servername: target.name } : {}), rejectUnauthorized: target.security === 'checked' };
  const socket = secure ? connectSecurely({ ...options, ...tls }) : connect(options);
  let reason: string | null = null;
  socket.once(secure ? 'secureConnect' : 'connect', () => peer.connected());
  socket.on('error', (error: NodeJS.ErrnoException) => (reason ??= error.code ?? error.message));
  socket.once('close', () => peer.closed(reason));
  return socket;
}
