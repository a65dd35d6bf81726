import type { FleetStatus } from '@weir/telemetry';
import { administrationListenersMax, decodeToken, encodeToken } from '@weir/wire';
import type { ListenerAccount } from '@weir/wire';
import { drainSecondsMax, listenersListed } from '../limits.ts';
import { adminVersion, refused } from './admin-route.ts';
import type { AdminAnswer, AdminCall, AdminRoute } from './admin-route.ts';
import type { Instances } from './instances.ts';
import { answerOf } from './reply-answer.ts';

/** What edges and their listeners are administered with. */
export interface EdgeRoutesOptions {
  readonly status: () => FleetStatus;
  readonly instances: Instances;
}

/** Listing and ending listeners, draining edges. */
export function edgeRoutes(options: EdgeRoutesOptions): readonly AdminRoute[] {
  const { instances } = options;
  const toEdge = async (edge: string, wants: { wants: 'undrain' } | { wants: 'drain'; seconds: number | null }): Promise<AdminAnswer> => {
    if (!options.status().edges.some(({ instance }) => instance === edge)) return refused(404, 'There is no edge of this name.');
    return answerOf(await instances.ask(edge, wants), { edge });
  };
  return [
    { method: 'GET', path: '/admin/listeners', access: 'read', summary: 'Listeners of all edges, of one stream or of all; "next" of one page is "after" of the next', query: ['stream', 'limit', 'after'], answer: (call) => listListeners(call, options) },
    {
      method: 'DELETE',
      path: '/admin/listeners/{id}',
      access: 'action',
      summary: 'End a listener',
      answer: async ({ parameters: { id = '' } }) => {
        const edge = edgeOf(id);
        return edge === null || !options.status().edges.some(({ instance }) => instance === edge) ? refused(404, 'There is no such listener.') : answerOf(await instances.ask(edge, { wants: 'kick', id }), { id });
      },
    },
    {
      method: 'POST',
      path: '/admin/edges/{instance}/drain',
      access: 'action',
      summary: 'Take no new listeners, and end those there are, spread over so many seconds',
      body: { seconds: 'number' },
      answer: ({ parameters: { instance = '' }, body: { seconds = null } }) =>
        isSeconds(seconds) ? toEdge(instance, { wants: 'drain', seconds }) : refused(400, `seconds: expected a number from 0 to ${drainSecondsMax}.`),
    },
    { method: 'POST', path: '/admin/edges/{instance}/undrain', access: 'action', summary: 'Take listeners again', answer: ({ parameters: { instance = '' } }) => toEdge(instance, { wants: 'undrain' }) },
  ];
}

function isSeconds(value: unknown): value is number | null {
  return value === null || (typeof value === 'number' && value >= 0 && value <= drainSecondsMax);
}

/** The edge that gave an id. */
function edgeOf(id: string): string | null {
  return id.length > 1000 ? null : decodeToken(id.split('.', 1)[0] ?? '');
}

async function listListeners({ query }: AdminCall, { status, instances }: EdgeRoutesOptions): Promise<AdminAnswer> {
  const [stream, after] = [query.get('stream'), query.get('after')];
  const limit = Number(query.get('limit') ?? listenersListed);
  if (!Number.isInteger(limit) || limit < 1 || limit > administrationListenersMax) return refused(400, `limit: expected a whole number from 1 to ${administrationListenersMax}.`);
  const { streams, edges } = status();
  if (stream !== null && !streams.some(({ name }) => name === stream)) return refused(404, 'There is no stream of this name.');
  const from = after === null ? '' : edgeOf(after);
  if (from === null || (after !== null && !/^[^.]+\.[^.]+\.[^.]+$/.test(after))) return refused(400, 'after: expected the id of a listener, as "next" of the page before.');
  const found = await gather(edges.map(({ instance }) => instance), { stream, after, limit }, instances);
  return { status: 200, body: { version: adminVersion, ...found } };
}

interface Page {
  readonly listeners: readonly (ListenerAccount & { readonly edge: string })[];
  /** The `after` of the next page; null: this was the last. */
  readonly next: string | null;
  /** Edges that did not answer: their listeners are missing. */
  readonly silent: readonly string[];
}

/** Asks edge after edge, in the order of their tokens, until the page is full. */
async function gather(edges: readonly string[], wish: { stream: string | null; after: string | null; limit: number }, instances: Instances): Promise<Page> {
  const first = wish.after?.split('.', 1)[0] ?? '';
  const order = edges.map((edge) => ({ edge, token: encodeToken(edge) })).filter(({ token }) => token >= first).sort((a, b) => (a.token < b.token ? -1 : 1));
  const listeners: (ListenerAccount & { edge: string })[] = [];
  const silent: string[] = [];
  for (const { edge, token } of order) {
    const limit = wish.limit - listeners.length;
    // One more edge is asked when the page is full: there may be a next page.
    const reply = await instances.ask(edge, { wants: 'listeners', stream: wish.stream, after: token === first ? wish.after : null, limit: Math.max(1, limit) });
    if (reply.is !== 'listeners') silent.push(edge);
    else if (limit === 0 && reply.listeners.length > 0) return { listeners, next: listeners.at(-1)?.id ?? null, silent };
    else if (limit > 0) listeners.push(...reply.listeners.slice(0, limit).map((listener) => ({ edge, ...listener })));
    if (reply.is === 'listeners' && limit > 0 && reply.more) return { listeners, next: listeners.at(-1)?.id ?? null, silent };
  }
  return { listeners, next: null, silent };
}
