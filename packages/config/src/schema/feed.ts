import * as z from 'zod';
import { command, commandDescription, shell, shellDescription } from './command.ts';
import { duration } from './duration.ts';
import { blockBytes, containerFormat, fallback, grace, stall, startTimeout } from './shared.ts';
import { pace } from './pace.ts';
import { sourceAccess } from './source-access.ts';
import type { SourceInput } from './source-access.ts';
import { label, mediaUrl, oneOrMore, urlPath, word } from './text.ts';
import type { FormatName } from '@weir/media';
import type { Activity, Pace } from '../configuration.ts';

/** A feed as it is written, with units converted and defaults filled in. `command` is read from its tree. */
export interface FeedInput {
  readonly command?: unknown;
  readonly shell: boolean;
  readonly file?: string | undefined;
  readonly push?: string | undefined;
  readonly source?: SourceInput | undefined;
  readonly takeover: boolean;
  readonly max_sources?: number | undefined;
  readonly relay?: readonly string[] | undefined;
  readonly pace?: Pace | undefined;
  readonly feed?: unknown;
  readonly fallback?: unknown;
  readonly on?: readonly string[] | undefined;
  readonly active: Activity;
  readonly restart: boolean;
  readonly stall: number;
  readonly start_timeout: number;
  readonly grace: number;
  readonly on_end: 'restart' | 'end' | 'loop';
  readonly format?: FormatName | undefined;
  readonly block_bytes?: number | undefined;
  readonly program?: number | undefined;
}

/** When something runs. */
export const activity: z.ZodType<Activity, string | number> = z
  .union([z.enum(['on-demand', 'continuous']), duration({ positive: false, otherwise: 'on-demand, continuous or ' })], {
    error: 'expected on-demand, continuous or a duration such as 20s',
  })
  .transform((value): Activity => {
    if (value === 'continuous') return { mode: 'continuous' };
    return { mode: 'on-demand', lingerMillis: typeof value === 'number' ? value : 0 };
  });

const sourcesForm = 'expected a number of sources from 1 to 1000';

const keys = z.strictObject({
  command: command.optional().describe(`What makes the feed. ${commandDescription}`),
  shell: shell.prefault(false).describe(shellDescription),
  file: z
    .string()
    .min(1)
    .optional()
    .describe('In place of command: a file, paced by its own time stamps, or a FIFO or device, read as it comes. A relative path is looked up beside the file it is written in; "-" is weir\'s own standard input.'),
  push: urlPath
    .optional()
    .describe('In place of command: the URL path that a source sends to, by PUT, POST or SOURCE, as Icecast\'s source clients and ffmpeg do. With a "*" any number of sources send, each with a name of its own in its place, and each makes the feed, and the streams from it, for itself.'),
  source: sourceAccess
    .optional()
    .describe('With push: who may send, { user: ..., password: ... } or { user: ..., password_file: ... } (the user is "source" when left out), or open for anybody.'),
  takeover: z
    .boolean()
    .prefault(false)
    .describe('With push: true lets a second source end the first and take its place; otherwise it is refused while the first sends. Default: false.'),
  max_sources: z
    .int({ error: sourcesForm })
    .min(1, { error: sourcesForm })
    .max(1000, { error: sourcesForm })
    .optional()
    .describe('With a "*" in push: sources at the same time on one ingest. One more takes the place that one which has left keeps for grace, or is answered 503. Default: 100.'),
  relay: oneOrMore(mediaUrl)
    .optional()
    .describe('In place of command: the stream of another server, http://, https:// or udp:// (an address and port of this machine, or a multicast group), or a list of which the first that works is taken.'),
  pace: pace
    .optional()
    .describe('With file: timestamps (of the file), none (as fast as it is read) or a size, such as 16KB, for each second. Default: timestamps for a file, none for a FIFO or device.'),
  feed: oneOrMore(word)
    .optional()
    .describe('With command: the feed that the command reads on its standard input, {in}; or a list of feeds, each read as {in.NAME} or, by its place in the list, {in.1}.'),
  fallback: fallback.type.optional().describe(`${fallback.description} Default: none.`),
  on: oneOrMore(label)
    .optional()
    .describe('Labels that an ingest must have (weir ingest --labels) to run the feed: a capture card is where it is. Default: any ingest.'),
  active: activity
    .prefault('on-demand')
    .describe('When it runs: on-demand (while somebody listens), a duration (and that long after the last listener left) or continuous (from the start, always). Default: on-demand.'),
  restart: z.boolean().prefault(true).describe('false: a feed that failed is not started again by itself. Default: true.'),
  stall: stall.type.prefault('10s').describe(`${stall.description} Default: 10s.`),
  start_timeout: startTimeout.type.prefault('10s').describe(`${startTimeout.description} Default: 10s.`),
  grace: grace.type.prefault('30s').describe(`${grace.description} Default: 30s.`),
  on_end: z
    .enum(['restart', 'end', 'loop'])
    .prefault('restart')
    .describe('When the source ends: restart it, end (every listener is served to the last byte, then closed) or loop (a file, from its beginning). Default: restart.'),
  format: containerFormat.type.optional().describe(containerFormat.description),
  block_bytes: blockBytes.type.optional().describe(blockBytes.description),
  program: z
    .int({ error: 'expected a program number from 1 to 65535' })
    .min(1, { error: 'expected a program number from 1 to 65535' })
    .max(65535, { error: 'expected a program number from 1 to 65535' })
    .optional()
    .describe('With MPEG-TS of several programs, the program_number of the one to serve. Default: the first with picture or sound.'),
});

/** The keys of one entry of `feeds`. */
export const feedSchema: z.ZodType<FeedInput> = keys;

/** The names of a feed's keys. */
export const feedKeys: readonly string[] = Object.keys(keys.shape);
