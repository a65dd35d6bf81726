import { sampleWorkspace, type Rule } from '../rule.ts';
import { lineAt } from '../scanner.ts';

/** What a package offers can be read in its index.ts. */
export const enumeratedExports: Rule = {
  name: 'every index.ts names what it exports',
  check: ({ workspaces }) =>
    workspaces
      .flatMap(({ sources }) => sources)
      .filter(({ path }) => path.endsWith('/src/index.ts'))
      .flatMap(({ path, bare }) => [...bare.matchAll(/\bexport\s*\*/g)].map((match) => `${path}:${lineAt(bare, match.index)}: export * hides what is offered; name each export`)),
  broken: [{ name: 'export *', files: sampleWorkspace('packages/bus', { 'index.ts': "export { a } from './a.ts';\nexport * from './b.ts';" }), says: /^packages\/bus\/src\/index\.ts:2: / }],
};

/** What a type cannot say is said above it; of an interface, above it or at its members. */
export const docblocks: Rule = {
  name: 'every exported function, class and interface has a docblock',
  check: ({ workspaces }) =>
    workspaces
      .flatMap(({ sources }) => sources)
      .filter(({ isTest }) => !isTest)
      .flatMap(({ path, exports }) =>
        exports
          .filter(({ documented }) => !documented)
          .map(({ name, line }) => `${path}:${line}: ${name} has no docblock; say above it what its type cannot: units, ownership, errors, the standard and section`),
      ),
  broken: [{ name: 'an export without one', files: sampleWorkspace('packages/bus', { 'a.ts': '\nexport function f(): void {}' }), says: /^packages\/bus\/src\/a\.ts:2: f has no docblock/ }],
};
