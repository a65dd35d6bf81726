import { reportKey } from './report-key.ts';
import { check } from './schema/check.ts';
import { edgeSchema } from './schema/edge.ts';
import type { EdgeConfiguration } from './configuration.ts';
import type { Problems } from './problem.ts';
import type { Entry } from './tree.ts';

/** What holds for each edge process, in its final form. In place of what has problems, which are then in `problems`, stand the defaults. */
export function resolveEdge(entry: Entry | undefined, problems: Problems): EdgeConfiguration {
  const given = entry === undefined ? null : check(edgeSchema, entry.value, ['edge'], problems, entry.key);
  if (entry !== undefined && given?.proxy_protocol === true && given.trusted_proxies.length === 0) {
    const why = 'needs the load balancers\' addresses under trusted_proxies beside it: from anyone else the header could name any client';
    reportKey(entry, 'proxy_protocol', ['edge'], why, problems);
  }
  const input = given ?? edgeSchema.parse({});
  return {
    listenersMax: input.max_listeners ?? null,
    bitsPerSecondMax: input.max_bandwidth ?? null,
    trustedProxies: input.trusted_proxies,
    proxyProtocol: input.proxy_protocol,
    url: input.url ?? null,
  };
}
