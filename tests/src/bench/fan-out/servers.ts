import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../../support/checkout.ts';
import { freePort } from '../../support/free-port.ts';
import { weirCommand } from '../../support/weir.ts';
import type { Bench } from './bench.ts';
import { icecast } from './icecast.ts';
import { mediaFlows, startPiped } from './piped.ts';
import { childrenOf } from './processes.ts';
import type { RunningServer, Server } from './server.ts';
import { pathOf } from './test-stream.ts';
import type { TestStream } from './test-stream.ts';

/** A program on the server's core that reads the stream on its standard input and serves it at `/`. */
async function servePiped(bench: Bench, stream: TestStream, program: string, argvFor: (port: number) => readonly string[]): Promise<RunningServer> {
  const port = await freePort();
  const { reader, stamper } = startPiped(bench, stream, (stdin) => bench.processes.start(bench.cores.server, program, argvFor(port), { stdin }));
  await mediaFlows(reader, port, '/');
  const stop = async (): Promise<void> => {
    await reader.stop();
    await stamper.stop();
  };
  return { port, path: '/', pid: reader.pid, otherPids: [], stop };
}

const floor: Server = {
  name: 'floor',
  title: 'floor (the kernel alone)',
  missing: () => null,
  start: (bench, stream) => servePiped(bench, stream, bench.tools.floor, (port) => [String(port)]),
};

const bareLoop: Server = {
  name: 'bare-loop',
  title: 'bare Node loop',
  missing: () => null,
  start: (bench, stream) => servePiped(bench, stream, process.execPath, (port) => [join(import.meta.dirname, 'bare-loop.js'), String(port)]),
};

/** Standalone: all of weir in one process. */
export const serve: Server = {
  name: 'serve',
  title: 'weir serve',
  missing: () => null,
  start: (bench, stream) => servePiped(bench, stream, process.execPath, (port) => [weirCommand, 'serve', '-', '--listen', `127.0.0.1:${port}`]),
};

/** The same with three frames of the radio in one write. */
export const gathered: Server = {
  name: 'gathered',
  title: 'weir up, `gather: 60ms`',
  missing: () => null,
  start: (bench, stream) =>
    servePiped(bench, stream, process.execPath, (port) => {
      const file = join(bench.folder, `gathered-${port}.yml`);
      writeFileSync(file, JSON.stringify({ listen: `127.0.0.1:${port}`, feeds: { live: { file: '-' } }, streams: { live: { feed: 'live', path: '/', gather: '60ms' } } }));
      return [weirCommand, 'up', '-f', file];
    }),
};

/** A fleet: the edge on the server's core, and only its CPU time counts; the rest on the client's. */
export const nats: Server = {
  name: 'nats',
  title: 'weir edge over NATS',
  missing: () => (spawnSync('nats-server', ['--version']).error === undefined ? null : 'nats-server is not installed'),
  start: (bench, stream) => startFleet(bench, stream, []),
};

/**
 * Starts bus, control, ingest and edge.
 *
 * @param edgeArgv what else stands in the edge's command line
 * @throws Error when it does not start
 */
export async function startFleet(bench: Bench, stream: TestStream, edgeArgv: readonly string[]): Promise<RunningServer> {
  const [natsPort, port] = [await freePort(), await freePort()];
  const store = join(bench.folder, `nats-${natsPort}`);
  mkdirSync(store);
  const file = join(store, 'weir.yml');
  const path = pathOf(stream);
  // YAML reads JSON.
  writeFileSync(file, JSON.stringify({ feeds: { live: { command: bench.source(stream), active: 'continuous' } }, streams: { live: { feed: 'live', path } } }));
  const { processes, cores } = bench;
  const weir = (core: number, ...argv: string[]) => processes.start(core, process.execPath, [weirCommand, ...argv, '--nats', `nats://127.0.0.1:${natsPort}`]);
  const shipped = ['-c', join(checkout, 'deploy/nats/nats.conf'), '-sd', store];
  const bus = processes.start(cores.client, 'nats-server', [...shipped, '-a', '127.0.0.1', '-p', String(natsPort)]);
  const control = weir(cores.client, 'control', '-f', file, '--listen', '127.0.0.1:0');
  const ingest = weir(cores.client, 'ingest');
  const edge = weir(cores.server, 'edge', '--listen', `127.0.0.1:${port}`, '--drain', '0s', ...edgeArgv);
  await mediaFlows(edge, port, path);
  const stop = async (): Promise<void> => {
    await Promise.all([edge, ingest, control].map((service) => service.stop()));
    await bus.stop();
  };
  return { port, path, pid: edge.pid, otherPids: [...childrenOf(edge.pid), ingest.pid, control.pid, bus.pid], stop };
}

/** All that are compared, the floor first. */
export const servers: readonly Server[] = [floor, bareLoop, serve, gathered, nats, icecast];
