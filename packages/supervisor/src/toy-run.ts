import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Command } from './command.ts';
import type { CommandOptions } from './command.ts';
import type { CommandEnd } from './command-end.ts';
import { livingMembers } from './process-table.ts';

/** The argv of one of the toy programs in `fixtures`. */
export function toy(name: string, ...args: readonly string[]): string[] {
  return [process.execPath, fileURLToPath(new URL(`../fixtures/${name}.mjs`, import.meta.url)), ...args];
}

/** The argv of a shell that runs the text. */
export function shell(text: string): string[] {
  return ['/bin/sh', '-c', text];
}

/** A command of a test, and all it said. */
export interface ToyRun {
  readonly command: Command;
  readonly chunks: Buffer[];
  readonly lines: string[];
  output(): string;
  /** Fulfilled when the output contains the text. */
  said(text: string): Promise<void>;
  /** The end, once nothing of the command's group is left. Fails when `onEnd` was called twice, or output came after it. */
  end(): Promise<CommandEnd>;
}

/** Starts a command for a test that takes whatever it says. */
export function run(argv: readonly string[], options: Partial<CommandOptions> = {}): ToyRun {
  const chunks: Buffer[] = [];
  const lines: string[] = [];
  let ends = 0;
  const command = Command.start({
    argv,
    inputs: 0,
    onOutput(chunk) {
      assert.equal(ends, 0, 'output came after the end');
      chunks.push(chunk);
    },
    onErrorLine: (line) => lines.push(line),
    onEnd: () => ends++,
    ...options,
  });
  const output = (): string => Buffer.concat(chunks).toString();
  return {
    command,
    chunks,
    lines,
    output,
    async said(text) {
      while (!output().includes(text)) await sleep(5);
    },
    async end() {
      const end = await command.ended;
      if (command.pid !== null) assert.equal(membersOf(command.pid), 0, 'something of the group is left');
      await sleep(20);
      if (options.onEnd === undefined) assert.equal(ends, 1);
      return end;
    },
  };
}

/** How many processes of the group live; 1 for any number where they cannot be counted. */
export function membersOf(group: number): number {
  const members = livingMembers(group);
  if (members !== null) return members.length;
  try {
    process.kill(-group, 0);
    return 1;
  } catch {
    return 0;
  }
}
