import { posix } from 'node:path';
import { sampleWorkspace, type Rule } from '../rule.ts';

const linesMax = 350;
const emptyWords = /(^|\/)(utils?|helpers?|misc|common|types)(\.test)?(\.(ts|js|mjs)|\/)/;
const isCode = (path: string): boolean => /\.(ts|js|mjs)$/.test(path);

/** A file is named by what it holds. */
export const fileNames: Rule = {
  name: 'files and folders are named by their concept',
  check: ({ files }) =>
    [...files.keys()]
      .filter((path) => isCode(path) && emptyWords.test(path))
      .map((path) => `${path}:1: this name says nothing about what is inside; name it by its concept, and split it if it has several`),
  broken: [
    { name: 'a file named utils', files: sampleWorkspace('packages/bus', { 'utils.ts': '' }), says: /^packages\/bus\/src\/utils\.ts:1: / },
    { name: 'a folder named common', files: sampleWorkspace('packages/bus', { 'common/a.ts': '' }), says: /common\/a\.ts:1: / },
    { name: 'a test of helpers', files: sampleWorkspace('tests', { 'e2e/helpers.test.ts': '' }), says: /helpers\.test\.ts:1: / },
  ],
};

/** A file can be read at one go. */
export const fileLength: Rule = {
  name: `no source is longer than ${linesMax} lines`,
  check: ({ files }) =>
    [...files]
      .filter(([path, text]) => isCode(path) && !path.endsWith('.test.ts') && lineCount(text) > linesMax)
      .map(([path, text]) => `${path}:${linesMax}: ${lineCount(text)} lines are more than ${linesMax}; find the second concept in it and give it a file`),
  broken: [{ name: 'a long file', files: sampleWorkspace('packages/bus', { 'a.ts': '\n'.repeat(351) }), says: /a\.ts:350: 351 lines/ }],
};

function lineCount(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

/** Relative imports form no circle, types included: a reader needs a place to start. */
export const noCycles: Rule = {
  name: 'no file imports itself by way of others',
  check: ({ workspaces }) => {
    const imports = new Map<string, readonly string[]>();
    for (const { path, imports: found } of workspaces.flatMap(({ sources }) => sources)) {
      imports.set(path, found.filter(({ specifier }) => specifier.startsWith('.')).map(({ specifier }) => posix.join(posix.dirname(path), specifier)));
    }
    return cyclesOf(imports).map((cycle) => `${cycle[0]}:1: imports itself: ${cycle.join(' → ')}; move what both ends need to a file of its own`);
  },
  broken: [
    {
      name: 'a circle of three',
      files: sampleWorkspace('packages/bus', { 'a.ts': "import './b.ts';", 'b.ts': "import type { C } from './c.ts';", 'c.ts': "export * from './a.ts';" }),
      says: /a\.ts → .*b\.ts → .*c\.ts → .*a\.ts/,
    },
  ],
};

/** Each circle once, from the file where it was found back to that file. */
function cyclesOf(imports: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) cycles.push([...trail.slice(start), path]);
    if (start >= 0 || done.has(path)) return;
    for (const next of imports.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  return cycles;
}
