import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { shownUrl } from '@weir/http';
import type { Logger } from '@weir/telemetry';
import { datagramBufferBytes, lostDatagramsLogMillis } from '../limits.ts';
import type { OpenSource, Source, SourceEnd, SourceSink } from '../source.ts';
import { RtpReader } from './rtp-reader.ts';

/**
 * A transport stream in datagrams, plain or in RTP, that are sent to an address and port of this machine or to a multicast
 * group: `udp://ADDRESS:PORT`, `udp://GROUP:PORT?interface=ADDRESS`. It has no end of its own.
 */
export function udpSource(url: URL, logger: Logger): OpenSource {
  return (sink) => new UdpSource(url, logger, sink);
}

class UdpSource implements Source {
  readonly pid = null;
  readonly #name: string;
  readonly #logger: Logger;
  readonly #sink: SourceSink;
  readonly #socket: Socket;
  readonly #rtp = new RtpReader();
  #began = false;
  #lostLogged = 0;
  #lostTimer: NodeJS.Timeout | null = null;
  #over = false;

  constructor(url: URL, logger: Logger, sink: SourceSink) {
    this.#name = shownUrl(url);
    this.#logger = logger;
    this.#sink = sink;
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    const family = isIP(host) === 6 ? 6 : 4;
    const from = url.searchParams.get('interface');
    this.#socket = createSocket({ type: `udp${family}`, reuseAddr: true });
    this.#socket.on('message', (datagram: Buffer) => this.#read(datagram));
    this.#socket.on('error', (error) => this.#end({ kind: 'failed', description: `${this.#name}: ${explain(error)}` }));
    const zone = family === 6 && from !== null ? zoneOf(from) : null;
    const linkLocal = /^f[ef][89ab012]/i.test(host) && zone !== null;
    // Bound to the group itself, the socket gets nothing of other groups on the same port.
    this.#socket.bind({ address: linkLocal ? `${host}%${zone}` : host, port: Number(url.port) }, () => {
      if (this.#over) return;
      try {
        if (isMulticast(host)) this.#socket.addMembership(host, ...(zone !== null ? [`::%${zone}`] : from !== null ? [from] : []));
        this.#growBuffer();
      } catch (error) {
        this.#end({ kind: 'failed', description: `${this.#name}: ${explain(error)}` });
      }
    });
  }

  stop(reason: string): void {
    if (this.#over) return;
    this.#close();
    queueMicrotask(() => this.#sink.onEnd({ kind: 'stopped', description: reason }));
  }

  #read(datagram: Buffer): void {
    if (this.#over) return;
    const payload = this.#rtp.read(datagram);
    if (!this.#began) {
      this.#began = true;
      this.#sink.onFormat('mpegts');
    }
    if (payload.length > 0) this.#sink.onBytes(payload);
    if (this.#rtp.lost !== this.#lostLogged) this.#lostTimer ??= setTimeout(() => this.#logLost(), lostDatagramsLogMillis);
  }

  #logLost(): void {
    this.#lostTimer = null;
    const { lost, late } = this.#rtp;
    if (lost !== this.#lostLogged) this.#logger.warn('datagrams were lost', { url: this.#name, lost: lost - this.#lostLogged, lostInAll: lost, late });
    this.#lostLogged = lost;
  }

  /** The system gives what it may without a word; Linux tells twice of what it holds (socket(7)). */
  #growBuffer(): void {
    try {
      this.#socket.setRecvBufferSize(datagramBufferBytes);
    } catch {
      // Systems other than Linux refuse what is more than they allow.
    }
    const bytes = this.#socket.getRecvBufferSize() / (process.platform === 'linux' ? 2 : 1);
    if (bytes >= datagramBufferBytes) return;
    const message = 'the system keeps fewer datagrams than asked for while weir is busy; more with net.core.rmem_max';
    this.#logger.warn(message, { url: this.#name, bytes, askedBytes: datagramBufferBytes });
  }

  #end(end: SourceEnd): void {
    if (this.#over) return;
    this.#close();
    this.#sink.onEnd(end);
  }

  #close(): void {
    this.#over = true;
    if (this.#lostTimer !== null) clearTimeout(this.#lostTimer);
    this.#logLost();
    this.#socket.close();
  }
}

/** 224.0.0.0/4 (RFC 5771) and ff00::/8 (RFC 4291 section 2.7). */
function isMulticast(host: string): boolean {
  if (isIP(host) === 6) return /^ff[0-9a-f]{2}:/i.test(host);
  const first = Number(host.split('.', 1)[0]);
  return isIP(host) === 4 && first >= 224 && first <= 239;
}

/** The name of the interface that has an IPv6 address (RFC 4007 section 11); what is no such address is taken for a name. */
function zoneOf(address: string): string {
  const found = Object.entries(networkInterfaces()).find(([, addresses]) => addresses?.some((each) => each.address === address));
  return found?.[0] ?? address;
}

function explain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRNOTAVAIL':
      return 'this machine has no such address: write one that it has, 0.0.0.0 or [::] for all of them, or a multicast group';
    case 'EADDRINUSE':
      return 'another program has this port for itself: stop it, or let the sender use another port';
    case 'EACCES':
      return 'ports below 1024 need more rights: let the sender use another port';
    case 'ENODEV':
    case 'EINVAL':
      return 'no interface to join the multicast group on: name one with ?interface=ADDRESS, an address of this machine';
    case 'ENOTFOUND':
      return 'the host has no known address: write an address of this machine, or 0.0.0.0 for all of them';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
