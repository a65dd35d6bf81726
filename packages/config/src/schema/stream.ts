import * as z from 'zod';
import { accessSchema } from './access.ts';
import { bitRate } from './bit-rate.ts';
import { command, commandDescription, shell, shellDescription } from './command.ts';
import { duration, durationForms, formatDuration } from './duration.ts';
import { listeners } from './listeners.ts';
import { blockBytes, containerFormat, fallback, grace, stall, startTimeout } from './shared.ts';
import { size } from './size.ts';
import { label, line, mimeType, oneOrMore, redirectTarget, urlPath, webUrl, word } from './text.ts';
import type { FormatName } from '@weir/media';
import type { StreamConfiguration } from '../configuration.ts';

/** A stream as it is written, with units converted and defaults filled in. What is unknown here is read from its tree. */
export interface StreamInput {
  readonly feed?: unknown;
  readonly fallback?: unknown;
  readonly command?: unknown;
  readonly shell: boolean;
  readonly path?: string | undefined;
  readonly encode?: unknown;
  readonly on?: readonly string[] | undefined;
  readonly client: 'shared' | 'exclusive';
  readonly type: 'stream' | 'shot';
  readonly format?: FormatName | undefined;
  readonly block_bytes?: number | undefined;
  readonly content_type?: string | undefined;
  readonly start_timeout?: number | undefined;
  readonly grace?: number | undefined;
  readonly stall?: number | undefined;
  readonly max_lag: number;
  readonly gather: number;
  readonly slow: 'skip' | 'disconnect';
  readonly join: StreamConfiguration['join'];
  readonly max_listeners?: number | undefined;
  readonly max_bandwidth?: number | undefined;
  readonly overflow?: string | undefined;
  readonly max_bytes?: number | undefined;
  readonly max_duration?: number | undefined;
  readonly title?: unknown;
  readonly description?: unknown;
  readonly genre?: unknown;
  readonly homepage?: string | undefined;
  readonly access?: unknown;
}

/** More would be noticed as a pause by players with a short buffer. */
const gatherMillisMax = 1000;

const join = z
  .union([z.enum(['live', 'keyframe']), duration({ positive: false, otherwise: 'live, keyframe or ' })], {
    error: `expected live, keyframe or ${durationForms}`,
  })
  .transform((value): StreamConfiguration['join'] => (typeof value === 'number' ? { mode: 'behind', behindMillis: value } : { mode: value }));

const encode = z.union(
  [
    command,
    z.strictObject({
      command: command.describe(`The encoder, with the feed on its standard input. ${commandDescription}`),
      shell: shell.optional().describe(shellDescription),
    }),
    z.object({ use: word.describe('The name of an encoder under templates.') }).catchall(word),
  ],
  { error: 'expected an encoder: a command (a text or a list), { command: ... } or { use: NAME, ... }' },
);

const keys = z.strictObject({
  feed: oneOrMore(word)
    .optional()
    .describe('The feed that the stream comes from; with encode also a list of feeds, each of which the command reads as {in.NAME} or, by its place in the list, {in.1}.'),
  fallback: fallback.type.optional().describe(`${fallback.description} Default: the feed's.`),
  command: command.optional().describe(`In place of feed: a feed of the stream's own, with its name. ${commandDescription}`),
  shell: shell.prefault(false).describe(shellDescription),
  path: urlPath.optional().describe('The URL path on every edge; /stream/NAME answers too. A stream at "/" takes the place of the start page. With a "*" where its feed\'s push has one. Default: "/" and the name.'),
  encode: encode
    .optional()
    .describe('A command that reads the feed and writes the stream: as a line or list, as { command: ..., shell: true }, or as { use: NAME } of an encoder under templates with a value for each of its parameters. Default: the feed as it is.'),
  on: oneOrMore(label)
    .optional()
    .describe('With encode: labels that an ingest must have (weir ingest --labels) to run it. The feed then crosses NATS once. Default: where its feed runs.'),
  type: z
    .enum(['stream', 'shot'])
    .prefault('stream')
    .describe('With encode: shot makes it one picture. The command reads the feed, prints a picture and ends with 0; it runs when somebody asks, once for all who ask at the same time. Default: stream.'),
  client: z
    .enum(['shared', 'exclusive'])
    .prefault('shared')
    .describe('With encode: exclusive starts an encoder for each listener, for containers that can only be joined at their first byte; max_listeners says how many, 8 unless it is given. Default: shared.'),
  format: containerFormat.type.optional().describe(containerFormat.description),
  block_bytes: blockBytes.type.optional().describe(blockBytes.description),
  content_type: mimeType.optional().describe('The MIME type that listeners are told. Default: what the container\'s header tells.'),
  start_timeout: startTimeout.type.optional().describe(`${startTimeout.description} Default: the feed's.`),
  grace: grace.type.optional().describe(`${grace.description} Default: the feed's.`),
  stall: stall.type.optional().describe(`${stall.description} Default: the feed's.`),
  max_lag: duration({ positive: true })
    .prefault('10s')
    .describe('A listener further behind than this, in media time, is slow. Default: 10s.'),
  gather: duration({ positive: false })
    .refine((millis) => millis <= gatherMillisMax, { error: `expected at most ${formatDuration(gatherMillisMax)}` })
    .prefault(0)
    .describe('For so long frames wait for each other, to leave together: each listener costs an edge fewer, larger writes, and hears as much later. Default: 0, each frame leaves at once.'),
  slow: z
    .enum(['skip', 'disconnect'])
    .prefault('skip')
    .describe('What happens to a slow listener: skip to the newest random access frame, or disconnect. Default: skip.'),
  join: join
    .prefault('keyframe')
    .describe('Where a listener starts: live (the next frame), keyframe (the newest random access frame) or a duration (so far back). Default: keyframe.'),
  max_listeners: listeners
    .optional()
    .describe('Listeners of the stream on one edge process; one more is answered 503, or sent to overflow. Default: no limit.'),
  max_bandwidth: bitRate
    .optional()
    .describe('What one edge process may send of the stream, such as 100Mbit/s, or a number of bits a second; a listener beyond it is answered 503, or sent to overflow. Default: no limit.'),
  overflow: redirectTarget
    .optional()
    .describe("Where a listener beyond a limit, the stream's or the edge's, is sent by 302: a URL, or a path of the same edge. Default: nowhere; the answer is 503."),
  max_bytes: size(1024 ** 4, '1024GiB')
    .optional()
    .describe('A listener who got so much is ended, at the end of a frame. Default: never.'),
  max_duration: duration({ positive: true })
    .optional()
    .describe('A listener who stayed so long is ended, at the end of a frame. Default: never.'),
  title: line.optional().describe('The name of the stream that players, playlists and pages show. Default: none.'),
  description: line.optional().describe('What the stream is about, in one line, for players and pages. Default: none.'),
  genre: line.optional().describe('What kind of music or talk it is, for players and directories. Default: none.'),
  homepage: webUrl.optional().describe("The stream's page in the web, for players and pages. Default: none."),
  access: accessSchema
    .optional()
    .describe("Who may listen, see its pictures and get its playlists: { basic: ..., signed: ..., allow: [...], deny: [...] }, or open for anybody. Default: the section access of the file; without one, anybody."),
});

/** The keys of one entry of `streams`. */
export const streamSchema: z.ZodType<StreamInput> = keys;

/** The names of a stream's keys. */
export const streamKeys: readonly string[] = Object.keys(keys.shape);
