import type { Change } from '@weir/config';
import type { FleetStatus } from '@weir/telemetry';
import type { AdminRequest } from '@weir/wire';
import { adminVersion, done, refused } from './admin-route.ts';
import type { AdminAnswer, AdminRoute } from './admin-route.ts';
import type { Instances } from './instances.ts';

/** What came of a reload. */
export type ReloadOutcome =
  | { readonly outcome: 'unchanged' }
  | {
      readonly outcome: 'reloaded';
      readonly changes: readonly Change[];
      readonly masters: boolean;
      readonly edge: readonly string[];
      readonly admin: boolean;
      readonly access: boolean;
      readonly listenNeedsRestart: boolean;
      readonly tlsNeedsRestart: boolean;
    }
  /** The files have mistakes, one line for each: the old configuration stays. */
  | { readonly outcome: 'refused'; readonly problems: readonly string[] }
  /** It is tried again. */
  | { readonly outcome: 'failed'; readonly reason: string };

/** What processes are administered with. */
export interface ProcessRoutesOptions {
  readonly status: () => FleetStatus;
  readonly instances: Instances;
  /** This process's own name. */
  readonly instance: string;
  /** Null where there is no configuration file to read again. */
  readonly reload: (() => Promise<ReloadOutcome>) | null;
}

type LogLevelRequest = Extract<AdminRequest, { wants: 'log-level' }>;

const levels: readonly LogLevelRequest['level'][] = ['error', 'warn', 'info', 'debug'];
const says = {
  unchanged: 'The configuration is as it was.',
  reloaded: 'The configuration is reloaded.',
  refused: 'The configuration has mistakes: the old one stays.',
  failed: 'The configuration could not be applied, and is tried again.',
} as const;
const statuses = { unchanged: 200, reloaded: 200, refused: 422, failed: 503 } as const;

/** Reloading the configuration, and how much is logged. */
export function processRoutes(options: ProcessRoutesOptions): readonly AdminRoute[] {
  return [
    { method: 'POST', path: '/admin/reload', access: 'action', summary: 'Read the configuration files again, as SIGHUP does', answer: () => reload(options) },
    {
      method: 'PUT',
      path: '/admin/log-level',
      access: 'action',
      summary: 'Log error, warn, info or debug, of one component or of all, in one instance or in all',
      body: { level: 'string', component: 'string', instance: 'string' },
      answer: ({ body }) => setLogLevel(body, options),
    },
  ];
}

async function reload(options: ProcessRoutesOptions): Promise<AdminAnswer> {
  if (options.reload === null) return refused(409, 'This weir runs without configuration files.');
  const outcome = await options.reload();
  const isGood = outcome.outcome === 'unchanged' || outcome.outcome === 'reloaded';
  return { status: statuses[outcome.outcome], body: { version: adminVersion, [isGood ? 'says' : 'error']: says[outcome.outcome], ...outcome } };
}

async function setLogLevel(body: Readonly<Record<string, unknown>>, { status, instances, instance: own }: ProcessRoutesOptions): Promise<AdminAnswer> {
  const { component = null, instance = null } = body;
  const level = levels.find((each) => each === body['level']);
  if (level === undefined) return refused(400, `level: expected ${levels.join(', ')}.`);
  if (component !== null && !(typeof component === 'string' && /^[^\p{Cc}\p{Cs}]{1,200}$/u.test(component))) return refused(400, 'component: expected the name that stands before the colon of its lines, such as edge or "ingest.feed camera".');
  const { ingests, edges } = status();
  const all = [...new Set([own, ...[...ingests, ...edges].map((each) => each.instance)])];
  const wanted = instance === null ? all : all.filter((each) => each === instance);
  if (wanted.length === 0) return refused(404, 'There is no instance of this name.');
  const replies = await Promise.all(wanted.map(async (name) => ({ name, reply: await instances.ask(name, { wants: 'log-level', level, component }) })));
  const silent = replies.flatMap(({ name, reply }) => (reply.is === 'done' ? [] : [{ instance: name, why: reply.is === 'listeners' ? '' : reply.why }]));
  const doneBy = replies.flatMap(({ name, reply }) => (reply.is === 'done' ? [name] : []));
  const more = { instances: doneBy, silent };
  return doneBy.length === 0 ? refused(504, 'No instance has done it.', more) : done(`${component ?? 'Everything'} logs ${level}.`, more);
}
