import * as z from 'zod';
import { duration } from './duration.ts';
import { activity } from './feed.ts';
import { oneOrMore, pathPattern, plainPath, serverUrl } from './text.ts';
import type { Activity } from '../configuration.ts';

/** A master as it is written, with units converted and defaults filled in. */
export interface MasterInput {
  readonly url: string;
  readonly paths: readonly string[];
  readonly prefix: string;
  readonly refresh: number;
  readonly active: Activity;
}

/** Each look is a request for a document that may be large. */
const refreshMillisMin = 1000;

const keys = z.strictObject({
  url: serverUrl.describe('The address of another weir, Icecast or savate server, with user:password@ if it asks for them.'),
  paths: oneOrMore(pathPattern)
    .prefault('/*')
    .describe('Which of its paths are mirrored, such as /radio/*; * stands for any characters. Default: all.'),
  prefix: plainPath
    .prefault('/')
    .describe("A path that comes before the master's paths here: with /b its /live.mp3 is at /b/live.mp3. Default: none."),
  refresh: duration({ positive: true })
    .refine((millis) => millis >= refreshMillisMin, { error: 'expected at least 1s' })
    .prefault('10s')
    .describe('How often it is asked which streams it has. One that is gone from it stays for three times as long, and while somebody listens. Default: 10s.'),
  active: activity
    .prefault('on-demand')
    .describe('When its streams are relayed: on-demand (while somebody listens), a duration (and that long after the last listener left) or continuous (always, all of them). Default: on-demand.'),
});

const forms = 'expected a URL such as http://example.org:8000, or { url: ..., paths: ..., prefix: ... }';

/** The section `masters`. */
export const mastersSchema: z.ZodType<readonly MasterInput[]> = oneOrMore(
  z.union([serverUrl.transform((url): MasterInput => keys.parse({ url })), keys], { error: forms }),
  forms,
);
