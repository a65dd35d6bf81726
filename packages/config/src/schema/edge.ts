import * as z from 'zod';
import { bitRate } from './bit-rate.ts';
import { listeners } from './listeners.ts';
import { network, origin } from './text.ts';

/** The section `edge` as it is written, with units converted and defaults filled in. */
export interface EdgeInput {
  readonly max_listeners?: number | undefined;
  readonly max_bandwidth?: number | undefined;
  readonly trusted_proxies: readonly string[];
  readonly proxy_protocol: boolean;
  readonly url?: string | undefined;
}

const keys = z.strictObject({
  max_listeners: listeners
    .optional()
    .describe("Listeners of one edge process; one more is answered 503, or sent to its stream's overflow. Default: no limit."),
  max_bandwidth: bitRate
    .optional()
    .describe("What one edge process may send, such as 900Mbit/s, or a number of bits a second; a listener beyond it is answered 503, or sent to its stream's overflow. Default: no limit."),
  trusted_proxies: z
    .array(network)
    .prefault([])
    .describe('Addresses and networks of proxies and load balancers whose X-Forwarded-For and Forwarded are believed to name the client. Default: none.'),
  proxy_protocol: z
    .boolean()
    .prefault(false)
    .describe('true: connections begin with a PROXY protocol header, version 1 or 2, which only trusted_proxies may send. Default: false.'),
  url: origin
    .optional()
    .describe("Where listeners find the edges, such as a balancer's https://example.org: control's pages link there. Default: what an edge knows of itself."),
});

/** The section `edge`. */
export const edgeSchema: z.ZodType<EdgeInput> = keys;

/** The names of its keys. */
export const edgeKeys: readonly string[] = Object.keys(keys.shape);
