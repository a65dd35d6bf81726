import { parseArgs } from 'node:util';
import { BenchError } from '../fan-out/bench-error.ts';
import { capacityServers } from './capacity-servers.ts';
import type { CapacityServer } from './capacity-server.ts';
import { capacityStreams } from './streams.ts';
import type { CapacityStream } from './streams.ts';

/** How much is measured. */
export interface CapacityOptions {
  readonly quick: boolean;
  readonly servers: readonly CapacityServer[];
  readonly streams: readonly CapacityStream[];
}

/** @throws BenchError that tells the usage */
export function readCapacityOptions(argv: readonly string[]): CapacityOptions {
  const names = (all: readonly { name: string }[]): string => all.map(({ name }) => name).join('|');
  const usage = `usage: node tests/dist/bench/capacity.js [--quick] [--only ${names(capacityServers)}]... [--stream ${names(capacityStreams)}]...`;
  try {
    const options = { quick: { type: 'boolean' }, only: { type: 'string', multiple: true }, stream: { type: 'string', multiple: true } } as const;
    const { values } = parseArgs({ args: [...argv], options });
    return { quick: values.quick ?? false, servers: pick(capacityServers, values.only), streams: pick(capacityStreams, values.stream) };
  } catch (error) {
    throw new BenchError(`${error instanceof Error ? error.message : String(error)}\n${usage}`, { cause: error });
  }
}

function pick<T extends { readonly name: string }>(all: readonly T[], names: readonly string[] | undefined): readonly T[] {
  const unknown = names?.find((name) => all.every((each) => each.name !== name));
  if (unknown !== undefined) throw new Error(`there is no "${unknown}"`);
  return all.filter(({ name }) => names?.includes(name) ?? true);
}
