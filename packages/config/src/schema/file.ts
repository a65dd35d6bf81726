import * as z from 'zod';
import { accessSchema } from './access.ts';
import { adminSchema } from './admin.ts';
import { edgeSchema } from './edge.ts';
import { feedSchema } from './feed.ts';
import { mastersSchema } from './master.ts';
import { streamSchema } from './stream.ts';
import { templatesSchema, useSchema } from './template.ts';
import { listen, name } from './text.ts';
import { tlsSchema } from './tls.ts';

const include = z.union([z.string().min(1), z.array(z.string().min(1))], { error: 'expected a file or directory, or a list of them' });

/** One configuration file. An empty section counts as left out. */
export const fileSchema: z.ZodType<unknown> = z
  .strictObject({
    include: include
      .nullish()
      .describe('More files, or directories of *.yml, *.yaml and *.json files, looked up beside this file. The files count as one; each is read once.'),
    listen: listen
      .optional()
      .describe('Address and port for listeners and, in standalone, pushed sources. ":8090" is port 8090 of every address; port 0 takes a free one. Default: 127.0.0.1:8090.'),
    tls: tlsSchema
      .nullish()
      .describe('HTTPS in place of plain HTTP on the address of listen, in standalone. Services of a fleet have --tls-cert and --tls-key instead.'),
    edge: edgeSchema.nullish().describe('Limits of each edge process, and the proxies in front of it.'),
    admin: adminSchema.nullish().describe('Who may administer what runs, over HTTP: whoever shows this token.'),
    access: accessSchema.optional().describe('Who may listen to the streams that do not say it themselves. Default: anybody.'),
    feeds: z.record(name, feedSchema).nullish().describe('Inputs, by name. However many streams use a feed, it runs once.'),
    streams: z.record(name, streamSchema).nullish().describe('What listeners hear and see, by name.'),
    masters: mastersSchema
      .nullish()
      .describe('Other servers, all of whose streams are served here as well, at the same paths: weir, Icecast, savate. The same path of several is one stream, from the first that works. Feeds and streams that have names here come first.'),
    templates: templatesSchema.nullish().describe('What is written once and used many times.'),
    use: useSchema.nullish().describe('Makes the feeds and streams of sets.'),
  })
  .meta({ title: 'weir configuration' });
