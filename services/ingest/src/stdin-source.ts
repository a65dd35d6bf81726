import type { OpenSource } from './source.ts';

/** The standard input of this process: read once, as it comes. */
export function stdinSource(): OpenSource {
  return (sink) => {
    const onData = (chunk: Buffer): void => sink.onBytes(chunk);
    let ended = false;
    const finish = (kind: 'finished' | 'failed' | 'stopped', description: string): void => {
      if (ended) return;
      ended = true;
      process.stdin.off('data', onData);
      process.stdin.pause();
      sink.onEnd({ kind, description });
    };
    process.stdin.on('data', onData);
    process.stdin.once('end', () => finish('finished', 'end of standard input'));
    process.stdin.once('error', (error) => finish('failed', `standard input: ${error.message}`));
    return { pid: null, stop: (reason) => setImmediate(() => finish('stopped', reason)) };
  };
}
