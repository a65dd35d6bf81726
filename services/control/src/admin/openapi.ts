import { statusSchema } from '@weir/telemetry';
import type { AdminRoute } from './admin-route.ts';

/** What of a route the document tells. */
type Described = Omit<AdminRoute, 'answer'>;

const text = { type: 'string' } as const;

/** The OpenAPI 3.1 document of routes, and of `/stat.json`, which the status pages answer. */
export function openApi(routes: readonly Described[], version: string): object {
  const stat: Described = { method: 'GET', path: '/stat.json', access: 'open', summary: 'Streams, feeds, encoders and instances, and how they are' };
  const paths = new Map<string, Record<string, object>>();
  for (const route of [stat, ...routes]) paths.set(route.path, { ...paths.get(route.path), [route.method.toLowerCase()]: operation(route, route === stat ? statusSchema : null) });
  return {
    openapi: '3.1.0',
    info: { title: 'weir', version },
    paths: Object.fromEntries(paths),
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' }, password: { type: 'http', scheme: 'basic', description: 'Any user, and the token as password' } } },
  };
}

function operation({ path, access, summary, query = [], body, type = 'application/json' }: Described, schema: object | null): object {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: text }));
  const inQuery = query.map((name) => ({ name, in: 'query', schema: text }));
  const properties = Object.fromEntries(Object.entries(body ?? {}).map(([name, kind]) => [name, { type: kind }]));
  const refusals = access === 'open' ? {} : { '401': { description: 'The token is missing or wrong' }, '403': { description: 'This weir has no token' }, '429': { description: 'Too many wrong tokens' } };
  return {
    summary,
    parameters: [...inPath, ...inQuery],
    ...(body === undefined ? {} : { requestBody: { content: { 'application/json': { schema: { type: 'object', properties } } } } }),
    responses: { '200': { description: 'Done', content: { [type]: schema === null ? {} : { schema } } }, ...refusals, ...(access === 'open' ? {} : { default: { description: 'Refused, with the reason under "error"' } }) },
    security: access === 'open' ? [] : [{ token: [] }, ...(access === 'read' ? [{ password: [] }] : [])],
  };
}
