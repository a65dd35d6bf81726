import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { configuredName } from '@weir/config';
import { RotatedFile } from '@weir/telemetry';
import type { Start } from './lifetime.ts';
import type { Options } from './options.ts';
import { UsageError } from './usage.ts';

/** What listeners and commands leave behind, in files of their own where the command line asks for them. */
export interface LogFiles {
  /** Takes a line about a listener. */
  readonly accessLog?: (line: string) => void;
  /** Takes a line of a command: `feed cam` or `encoder cam-sound`. */
  readonly onErrorLine?: (producer: string, line: string) => void;
}

/**
 * Opens `--access-log` and `--command-logs`. Of several processes of one edge each has a file of its own: FILE-1 and so on.
 *
 * @throws UsageError when the folder of commands' files can be neither found nor made
 */
export function openLogFiles({ accessLog, commandLogs, worker }: Options, { logger, lifetime }: Start): LogFiles {
  const open = (path: string): RotatedFile => {
    const file = new RotatedFile(path, { onFault: (reason) => logger.error('a log file cannot be written: its lines are lost until it can be', { path, reason }) });
    lifetime.onStop(() => file.close());
    return file;
  };
  const access = accessLog === null ? null : open(worker === null ? accessLog : `${accessLog}-${worker}`);
  return {
    ...(access === null ? {} : { accessLog: (line: string) => access.write(line) }),
    ...(commandLogs === null ? {} : { onErrorLine: commandFiles(commandLogs, open) }),
  };
}

/** One file for each feed and encoder; all sources of a pattern share theirs. */
function commandFiles(folder: string, open: (path: string) => RotatedFile): (producer: string, line: string) => void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UsageError(`--command-logs ${folder}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const files = new Map<string, RotatedFile>();
  return (producer, line) => {
    const [kind = '', name = ''] = producer.split(' ');
    const path = join(folder, `${kind}-${configuredName(name)}.log`);
    const file = files.get(path) ?? open(path);
    files.set(path, file);
    file.writeStamped(line);
  };
}
