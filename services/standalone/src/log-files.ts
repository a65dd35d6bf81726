import { RotatedFile } from '@weir/telemetry';
import { CommandFiles } from './command-files.ts';
import type { Start } from './lifetime.ts';
import type { Options } from './options.ts';

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
  const open = (path: string): RotatedFile => new RotatedFile(path, { onFault: (reason) => logger.error('a log file cannot be written: its lines are lost until it can be', { path, reason }) });
  const access = accessLog === null ? null : open(worker === null ? accessLog : `${accessLog}-${worker}`);
  const commands = commandLogs === null ? null : new CommandFiles(commandLogs, open);
  if (access !== null) lifetime.onStop(() => access.close());
  if (commands !== null) lifetime.onStop(() => commands.close());
  return {
    ...(access === null ? {} : { accessLog: (line: string) => access.write(line) }),
    ...(commands === null ? {} : { onErrorLine: (producer: string, line: string) => commands.write(producer, line) }),
  };
}
