import type { OpenSource } from './source.ts';

/** An error of what nobody reads. */
const ignore = (): void => {};

/**
 * The standard input of this process, read as it comes from the first start on. What comes while nobody uses it is lost: whoever writes
 * a live stream cannot wait, and nobody wants to hear what was on before.
 */
export function stdinSource(): OpenSource {
  return (sink) => {
    const { stdin } = process;
    const onData = (chunk: Buffer): void => sink.onBytes(chunk);
    const onEnd = (): void => finish('finished', 'end of standard input');
    const onError = (error: Error): void => finish('failed', `standard input: ${error.message}`);
    let ended = false;
    const finish = (kind: 'finished' | 'failed' | 'stopped', description: string): void => {
      if (ended) return;
      ended = true;
      // It flows on, to nobody.
      stdin.off('data', onData).off('end', onEnd).off('error', onError).off('error', ignore).on('error', ignore);
      sink.onEnd({ kind, description });
    };
    stdin.on('data', onData).on('end', onEnd).on('error', onError).resume();
    if (stdin.readableEnded || stdin.destroyed) setImmediate(onEnd);
    return { pid: null, stop: (reason) => setImmediate(() => finish('stopped', reason)) };
  };
}
