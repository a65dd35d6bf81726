import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { eventually } from '../../support/eventually.ts';
import { BenchError } from './bench-error.ts';
import type { Bench } from './bench.ts';
import type { Started } from './processes.ts';
import type { TestStream } from './test-stream.ts';

/** Milliseconds that a server may take to its first byte of media, and that one request for it may take. */
const [startMillisMax, requestMillisMax] = [60_000, 5000];

/**
 * Starts a program that reads a stream on its standard input, from a stamper on the client's core: a real pipe between the two,
 * as a shell makes it. The reader comes first.
 */
export function startPiped(bench: Bench, stream: TestStream, start: (stdin: number) => Started): { reader: Started; stamper: Started } {
  const fifo = join(bench.folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const [program, ...argv] = bench.source(stream);
  // Opened for both at first: either one alone would wait for the other.
  const both = openSync(fifo, constants.O_RDWR);
  const [output, input] = [openSync(fifo, 'r'), openSync(fifo, 'w')];
  rmSync(fifo);
  try {
    const reader = start(output);
    return { reader, stamper: bench.processes.start(bench.cores.client, program, argv, { stdout: input }) };
  } finally {
    for (const descriptor of [both, output, input]) closeSync(descriptor);
  }
}

/**
 * Waits until a listener gets media.
 *
 * @throws BenchError with what the server said when it does not come to that
 */
export async function mediaFlows(server: Started, port: number, path: string): Promise<void> {
  try {
    await eventually('media flows', () => getsMedia(port, path), startMillisMax);
  } catch (error) {
    throw new BenchError(`it serves nothing; it said: ${server.said().slice(-500)}`, { cause: error });
  }
}

function getsMedia(port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (answer: boolean): void => {
      request.destroy();
      resolve(answer);
    };
    const request = get({ port, path, host: '127.0.0.1', agent: false, timeout: requestMillisMax }, (response) => {
      if (response.statusCode !== 200) settle(false);
      else response.once('data', () => settle(true)).once('end', () => settle(false));
    });
    request.once('error', () => settle(false)).once('timeout', () => settle(false));
  });
}
