import { sampleWorkspace, type Rule } from '../rule.ts';
import { lineAt } from '../scanner.ts';
import type { Source } from '../tree.ts';

const purePackages: ReadonlySet<string> = new Set(['@weir/media', '@weir/framers', '@weir/ring', '@weir/wire']);

/** What pure code does not do, and what it does instead. */
const forbidden: readonly { readonly syntax: RegExp; readonly instead: string }[] = [
  { syntax: /\bDate\b/g, instead: 'take the time as an argument' },
  { syntax: /\bperformance\b/g, instead: 'take the time as an argument' },
  { syntax: /\b(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b/g, instead: 'let the caller decide when' },
  { syntax: /\bMath\.random\b/g, instead: 'take the random source as an argument' },
  { syntax: /\bconsole\b/g, instead: 'return it, or count it' },
  { syntax: /\bprocess\b/g, instead: 'take what is needed as an argument' },
  { syntax: /\b(?:async|await|Promise)\b/g, instead: 'be synchronous' },
];

/** No I/O, no clock, no logger in the packages that hold the media code. */
export const purity: Rule = {
  name: 'pure packages have no I/O, no clock and no logger',
  check: ({ workspaces }) =>
    workspaces
      .filter(({ manifest }) => purePackages.has(manifest.name))
      .flatMap(({ sources }) => sources.filter(({ isTest }) => !isTest).flatMap(impurities)),
  broken: [
    { name: 'a clock', files: sampleWorkspace('packages/ring', { 'a.ts': '\n\nconst now = Date.now();' }), says: /^packages\/ring\/src\/a\.ts:3: Date .*take the time as an argument/ },
    { name: 'a timer', files: sampleWorkspace('packages/wire', { 'a.ts': 'setTimeout(f, 1);' }), says: /a\.ts:1: setTimeout/ },
    { name: 'a log', files: sampleWorkspace('packages/framers', { 'a.ts': "console.log('x');" }), says: /a\.ts:1: console/ },
    { name: 'a promise', files: sampleWorkspace('packages/media', { 'a.ts': 'export async function f() {}' }), says: /a\.ts:1: async/ },
    { name: "a module of Node's", files: sampleWorkspace('packages/framers', { 'a.ts': "import { Buffer } from 'node:buffer';" }), says: /a\.ts:1: node:buffer/ },
  ],
};

function impurities({ path, bare, imports }: Source): readonly string[] {
  const done = forbidden.flatMap(({ syntax, instead }) =>
    [...bare.matchAll(syntax)].map((match) => `${path}:${lineAt(bare, match.index)}: ${match[0]} has no place in a pure package; ${instead}`),
  );
  const imported = imports
    .filter(({ specifier }) => specifier.startsWith('node:'))
    .map(({ specifier, line }) => `${path}:${line}: ${specifier} has no place in a pure package; leave I/O to the caller`);
  return [...done, ...imported];
}
