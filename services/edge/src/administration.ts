import { answerRequests } from '@weir/bus';
import type { Bus, Subscription } from '@weir/bus';
import { printable } from '@weir/http';
import type { Logger } from '@weir/telemetry';
import { decodeAdminRequest, encodeAdminReply, encodeToken } from '@weir/wire';
import type { AdminReply, AdminRequest, ListenerAccount, Subjects } from '@weir/wire';
import type { Listener } from './listener.ts';
import type { Mount } from './mount.ts';

/** What of an edge administrators see and change. */
export interface AdministeredEdge {
  readonly instance: string;
  readonly bus: Bus;
  readonly subjects: Subjects;
  readonly logger: Logger;
  /** Of a drain that names no time of its own. */
  readonly drainSeconds: number;
  readonly mounts: () => Iterable<Mount>;
  readonly drain: (seconds: number) => AdminReply;
  readonly undrain: () => AdminReply;
}

type Place = readonly [listener: Listener, mount: Mount];

/** Answers what administrators ask of this edge over the bus. */
export function answerAdministrators(edge: AdministeredEdge): Subscription {
  const { instance, bus, subjects, logger, drainSeconds } = edge;
  // A process that follows this one under the same name gives none of its ids again.
  const prefix = `${encodeToken(instance)}.${Date.now().toString(36)}.`;
  const listeners = (): Place[] => [...edge.mounts()].flatMap((mount) => [...mount.listeners].map((listener): Place => [listener, mount]));

  function numberOf(id: string): number | null {
    const digits = id.startsWith(prefix) ? id.slice(prefix.length) : '';
    return /^[1-9]\d{0,14}$/.test(digits) ? Number(digits) : null;
  }

  function list({ stream, after, limit }: Extract<AdminRequest, { wants: 'listeners' }>): AdminReply {
    const from = after === null ? 0 : (numberOf(after) ?? 0);
    const found = listeners()
      .filter(([listener, mount]) => listener.number > from && (stream === null || mount.stream.name === stream))
      .sort(([a], [b]) => a.number - b.number);
    const now = { unix: Date.now(), monotonic: performance.now() };
    return { is: 'listeners', listeners: found.slice(0, limit).map((place) => accountOf(place, prefix, now)), more: found.length > limit };
  }

  function kick(id: string): AdminReply {
    const number = numberOf(id);
    const [listener, mount] = listeners().find(([each]) => each.number === number) ?? [];
    if (listener === undefined || listener.ended !== null) return { is: 'refused', because: 'unknown', why: 'There is no such listener any more.' };
    logger.info('an administrator ends a listener', { id, stream: mount?.stream.name, address: listener.identity.address });
    listener.end('kicked');
    return { is: 'done', says: 'Its connection is closed.' };
  }

  function answer(request: AdminRequest): AdminReply | null {
    switch (request.wants) {
      case 'listeners':
        return list(request);
      case 'kick':
        return kick(request.id);
      case 'drain':
        return edge.drain(request.seconds ?? drainSeconds);
      case 'undrain':
        return edge.undrain();
      default:
        return null;
    }
  }

  return answerRequests(bus.control, subjects.admin(instance), (payload) => {
    const request = decodeAdminRequest(payload);
    const reply = request === null ? null : answer(request);
    return reply === null ? null : encodeAdminReply(reply);
  });
}

function accountOf([listener, mount]: Place, prefix: string, now: { readonly unix: number; readonly monotonic: number }): ListenerAccount {
  const { number, identity, startedMillis, bytes, cursor } = listener;
  return {
    id: `${prefix}${number}`,
    stream: mount.stream.name,
    address: printable(identity.address),
    userAgent: printable(identity.userAgent),
    since: new Date(now.unix - (now.monotonic - startedMillis)).toISOString(),
    bytes,
    lagSeconds: Math.round(mount.lagMillis(listener)) / 1000,
    skips: cursor.skips,
  };
}
