import { readFileSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import type { Logger } from '@weir/telemetry';
import { AddressList, addressKey } from './access/address-list.ts';
import { addressShareMax, descriptorsKeptMax, descriptorsKeptMin, descriptorsKeptShare, dropsToldMillis, sidePortConnectionsMax, sidePortShare } from './limits.ts';
import { proxiedAddress } from './proxy-front.ts';
import { takeConnections } from './take-connections.ts';

/** Whose connections one address may have more of than others; asked for each connection, since the configuration may change. */
export type IsTrusted = (address: string) => boolean;

const thisMachine = new AddressList(['127.0.0.0/8', '::1']);

/** How many connections the ports of a process may have, so that it always has descriptors for commands, NATS and files. */
export interface ConnectionsMax {
  /** Of the port that listeners or sources come to. */
  readonly main: number;
  /** Of each port beside it. */
  readonly side: number;
}

/** @param descriptors that the process may have */
export function connectionsMaxOf(descriptors: number): ConnectionsMax {
  const kept = Math.min(descriptorsKeptMax, Math.max(descriptorsKeptMin, Math.floor(descriptors * descriptorsKeptShare)));
  return { main: Math.max(1, descriptors - kept), side: Math.min(sidePortConnectionsMax, Math.floor(kept * sidePortShare)) };
}

/** Descriptors that this process may have; no limit where the system does not tell (all but Linux). */
export function descriptorsMax(): number {
  try {
    return Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? Infinity);
  } catch {
    return Infinity;
  }
}

/**
 * The connections that one port has at the same time: of all clients together, and of one address, which never gets more than its
 * share and so cannot keep others out. What is beyond is closed at once; a flood costs those who have a connection nothing.
 */
export class ConnectionLimit {
  readonly #connectionsMax: number;
  readonly #addressMax: number;
  readonly #logger: Pick<Logger, 'warn'>;
  readonly #isTrusted: IsTrusted;
  readonly #addresses = new Map<string, number>();
  readonly #toldMillis = { full: -Infinity, address: -Infinity };
  #connections = 0;
  #dropped = 0;

  /** @param logger told of the first that is closed, and then of one a minute */
  constructor(connectionsMax: number, isTrusted: IsTrusted, logger: Pick<Logger, 'warn'>) {
    this.#connectionsMax = connectionsMax;
    this.#addressMax = Math.max(1, Math.floor(connectionsMax * addressShareMax));
    this.#isTrusted = isTrusted;
    this.#logger = logger;
  }

  /** Connections that were closed at once. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Counts all of a server's connections: to be put in last of what stands before its HTTP, so that it stands first. */
  boundAll(server: Server): void {
    const handOn = takeConnections(server);
    server.on('connection', (socket: Socket) => {
      if (this.#connections >= this.#connectionsMax) {
        this.#drop(socket, socket.remoteAddress ?? '-', 'full', `all ${this.#connectionsMax} connections of the port are taken; \`ulimit -n\` decides how many there are`);
        return;
      }
      this.#connections++;
      socket.on('close', this.#onClose);
      handOn(socket);
    });
  }

  /** Counts those of each address: to stand behind the PROXY protocol, which tells it. This machine and trusted proxies speak for many. */
  boundEach(server: Server): void {
    const handOn = takeConnections(server);
    server.on('connection', (socket: Socket) => {
      const address = proxiedAddress(socket) ?? socket.remoteAddress ?? '-';
      if (thisMachine.includes(address) || this.#isTrusted(address) || this.#enter(socket, address)) handOn(socket);
    });
  }

  /** False, and closed, when the address has its share already. */
  #enter(socket: Socket, address: string): boolean {
    const key = addressKey(address);
    const count = this.#addresses.get(key) ?? 0;
    if (count >= this.#addressMax) {
      this.#drop(socket, address, 'address', `it has ${count} connections, all that one address may have; list it in edge.trusted_proxies if it is a load balancer`);
      return false;
    }
    this.#addresses.set(key, count + 1);
    socket.on('close', () => this.#leave(key));
    return true;
  }

  readonly #onClose = (): void => {
    this.#connections--;
  };

  #leave(key: string): void {
    const count = (this.#addresses.get(key) ?? 0) - 1;
    if (count > 0) this.#addresses.set(key, count);
    else this.#addresses.delete(key);
  }

  #drop(socket: Socket, address: string, kind: 'full' | 'address', reason: string): void {
    this.#dropped++;
    socket.destroy();
    const now = performance.now();
    if (now - this.#toldMillis[kind] < dropsToldMillis) return;
    this.#toldMillis[kind] = now;
    this.#logger.warn('a connection was closed at once', { address, reason });
  }
}
