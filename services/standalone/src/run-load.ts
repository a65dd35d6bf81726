import { runLoad } from '@weir/load';

/** `weir load`: the first SIGINT or SIGTERM ends it with its summary, the second at once. */
export function runLoadVerb(argv: readonly string[]): Promise<number> {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());
  return runLoad(argv, { stdout: process.stdout, stderr: process.stderr, interruption: interruption.signal });
}
