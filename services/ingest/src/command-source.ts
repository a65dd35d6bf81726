import type { Logger } from '@weir/telemetry';
import { Command, describeEnd } from '@weir/supervisor';
import type { CommandEnd } from '@weir/supervisor';
import { Feeder } from './feeder.ts';
import type { Producer } from './producer.ts';
import type { OpenSource, SourceEnd } from './source.ts';

/** A command whose stdout is the media; with a parent, the parent's frames are its stdin. */
export function commandSource(argv: readonly string[], parent: Producer | null, logger: Logger): OpenSource {
  return (sink) => {
    const command = Command.start({
      argv,
      inputs: parent === null ? 0 : 1,
      onOutput: (chunk) => sink.onBytes(chunk),
      onErrorLine: (line) => logger.debug('stderr', { line }),
      onOutputClosed: () => command.stop('it closed its output but lives on'),
      onEnd: (end) => {
        feeder?.stop();
        sink.onEnd(sourceEnd(end, stopping));
      },
    });
    const input = command.inputs[0];
    const feeder = parent === null || input === undefined ? null : new Feeder(parent, input, logger);
    let stopping = false;
    return {
      pid: command.pid,
      stop: (reason) => {
        stopping = true;
        command.stop(reason);
      },
    };
  };
}

function sourceEnd(end: CommandEnd, stopping: boolean): SourceEnd {
  const description = describeEnd(end);
  if (stopping) return { kind: 'stopped', description };
  return end.kind === 'exited' && end.code === 0 && end.asked === null ? { kind: 'finished', description } : { kind: 'failed', description };
}
