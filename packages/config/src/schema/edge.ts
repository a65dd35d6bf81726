import * as z from 'zod';
import { bitRate } from './bit-rate.ts';
import { listeners } from './listeners.ts';
import { network, webOrigin } from './text.ts';

/** The section `edge` as it is written, with units converted and defaults filled in. */
export interface EdgeInput {
  readonly max_listeners?: number | undefined;
  readonly max_bandwidth?: number | undefined;
  readonly busy_at: number | 'never';
  readonly trusted_proxies: readonly string[];
  readonly proxy_protocol: boolean;
  readonly url?: string | undefined;
}

/** Below the least, an edge without listeners could be busy: it looks at its streams each second. */
const [busyAtMin, busyAtMax] = [0.1, 1];
const busyAtError = `expected a share from ${busyAtMin} to ${busyAtMax}, or never`;

const keys = z.strictObject({
  max_listeners: listeners
    .optional()
    .describe("Listeners of one edge process; one more is answered 503, or sent to its stream's overflow. Default: no limit."),
  max_bandwidth: bitRate
    .optional()
    .describe("What one edge process may send, such as 900Mbit/s, or a number of bits a second; a listener beyond it is answered 503, or sent to its stream's overflow. Default: no limit."),
  busy_at: z
    .union([z.number({ error: busyAtError }).min(busyAtMin, { error: busyAtError }).max(busyAtMax, { error: busyAtError }), z.literal('never', { error: busyAtError })], { error: busyAtError })
    .prefault(0.9)
    .describe(
      'How busy an edge process may be before it tells load balancers, on /readyz, to send new listeners elsewhere, as long as another edge has room: ' +
        'a share of the time of its event loop, of max_listeners and of max_bandwidth, whichever it uses most; or never. Default: 0.9.',
    ),
  trusted_proxies: z
    .array(network)
    .prefault([])
    .describe('Addresses and networks of proxies and load balancers whose X-Forwarded-For and Forwarded are believed to name the client. Default: none.'),
  proxy_protocol: z
    .boolean()
    .prefault(false)
    .describe('true: connections begin with a PROXY protocol header, version 1 or 2, which only trusted_proxies may send. Default: false.'),
  url: webOrigin
    .optional()
    .describe("Where listeners find the edges, such as https://radio.example.org: the load balancer's address, which control's pages link to; on localhost it is looked for on the host that a page was asked of. Default: an edge's own address."),
});

/** The section `edge`. */
export const edgeSchema: z.ZodType<EdgeInput> = keys;

/** The names of its keys. */
export const edgeKeys: readonly string[] = Object.keys(keys.shape);
