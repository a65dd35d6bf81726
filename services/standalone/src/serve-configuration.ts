import { statSync } from 'node:fs';
import { configurationOf, escapePlaceholders } from '@weir/config';
import type { Configuration } from '@weir/config';
import type { Options } from './options.ts';
import { UsageError } from './usage.ts';

/** The name of the one feed and the one stream of `weir serve`. */
export const servedName = 'stream';

/**
 * The configuration that `weir serve` stands for: one stream, at `/`.
 *
 * @throws UsageError, ConfigurationError
 */
export function serveConfiguration(options: Options): Configuration {
  const configuration = configurationOf(
    {
      listen: options.listen ?? '127.0.0.1:8090',
      feeds: { [servedName]: { ...source(options), ...(options.format === null ? {} : { format: options.format }) } },
      streams: { [servedName]: { feed: servedName, path: '/' } },
    },
    'command line',
  );
  const feed = configuration.feeds[servedName];
  if (feed === undefined || options.words[0] !== '-') return configuration;
  return { ...configuration, feeds: { [servedName]: { ...feed, source: { kind: 'stdin' } } } };
}

function source({ words, command, active, onEnd }: Options): Record<string, unknown> {
  const [file, ...more] = words;
  if (command.length > 0 && file === undefined) {
    return { command: command.map(escapeAllButPipes), active: active ?? 'continuous', on_end: onEnd ?? 'restart' };
  }
  if (command.length > 0 || file === undefined || more.length > 0) {
    throw new UsageError('weir serve takes one source: -- COMMAND ARGUMENTS..., a FILE, or - for standard input');
  }
  // A regular file plays from its start for the first listener; what is live is read from the start, so that nobody waits.
  const plays = file !== '-' && (statSync(file, { throwIfNoEntry: false })?.isFile() ?? true);
  return { file, active: active ?? (plays ? 'on-demand' : 'continuous'), on_end: onEnd ?? (plays || file === '-' ? 'end' : 'restart') };
}

/** A typed command stays as it is, but for `{out}`, which a configuration file would know too. */
function escapeAllButPipes(argument: string): string {
  return argument.split('{out}').map(escapePlaceholders).join('{out}');
}
