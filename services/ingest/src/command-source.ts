import type { Logger } from '@weir/telemetry';
import { Command, describeEnd } from '@weir/supervisor';
import type { CommandEnd } from '@weir/supervisor';
import { Feeder } from './feeder.ts';
import type { FrameSource } from './frame-source.ts';
import type { OpenSource, SourceEnd } from './source.ts';

/** A command whose stdout is the media; the frames of its parents go into `pipe:0`, `pipe:3` and so on. */
export function commandSource(argv: readonly string[], parents: readonly FrameSource[], logger: Logger, onErrorLine: (line: string) => void): OpenSource {
  return (sink) => {
    const command = Command.start({
      argv,
      inputs: parents.length,
      onOutput: (chunk) => sink.onBytes(chunk),
      onErrorLine,
      onOutputClosed: () => command.stop('it closed its output but lives on'),
      onEnd: (end) => {
        for (const feeder of feeders) feeder.stop();
        sink.onEnd(sourceEnd(end, stopping));
      },
    });
    const feeders = parents.flatMap((parent, index) => {
      const input = command.inputs[index];
      return input === undefined ? [] : new Feeder(parent, input, logger);
    });
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
