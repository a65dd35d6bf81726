import { posix } from 'node:path';
import { sampleWorkspace, type Rule } from '../rule.ts';
import type { Source, Workspace } from '../tree.ts';
import { packageName } from './owners.ts';

/** Each layer may import the ones before it, and nothing beside or after it. */
const layers: readonly (readonly string[])[] = [
  ['@weir/media'],
  ['@weir/framers', '@weir/ring', '@weir/wire'],
  ['@weir/bus', '@weir/supervisor', '@weir/telemetry'],
  ['@weir/config', '@weir/subscriber'],
  ['@weir/http'],
  ['@weir/ingest', '@weir/edge', '@weir/control', '@weir/load'],
  ['@weir/standalone'],
  ['@weir/tests'],
];

const layerOf = (name: string): number => layers.findIndex((layer) => layer.includes(name));

/** Who may import whom. */
export const importLayers: Rule = {
  name: 'a workspace imports only workspaces of lower layers',
  check: ({ workspaces }) =>
    workspaces.flatMap((workspace) => {
      if (layerOf(workspace.manifest.name) < 0) {
        return [`${workspace.path}/package.json:2: ${workspace.manifest.name} is in no layer; give it its place in tests/src/architecture/rules/import-layers.ts`];
      }
      return workspace.sources.flatMap((source) => [...wrongImports(workspace, source), ...escapes(workspace, source)]);
    }),
  broken: [
    {
      name: 'a package that imports a service',
      files: sampleWorkspace('packages/bus', { 'a.ts': "\nimport { x } from '@weir/edge';" }),
      says: /^packages\/bus\/src\/a\.ts:2: @weir\/bus may not import @weir\/edge/,
    },
    {
      name: 'a service that imports another',
      files: sampleWorkspace('services/edge', { 'a.ts': "import { x } from '@weir/ingest';" }),
      says: /a\.ts:1: @weir\/edge may not import @weir\/ingest/,
    },
    {
      name: 'a pure package that imports a package with I/O',
      files: sampleWorkspace('packages/ring', { 'a.test.ts': "import { x } from '@weir/bus';" }),
      says: /a\.test\.ts:1: @weir\/ring may not import @weir\/bus/,
    },
    {
      name: 'a path into another workspace',
      files: sampleWorkspace('services/edge', { 'a/b.ts': "import { x } from '../../../ingest/src/c.ts';" }),
      says: /a\/b\.ts:1: .* leads out of services\/edge/,
    },
    {
      name: 'what a package offers to tests alone',
      files: sampleWorkspace('services/edge', { 'a.ts': "import { x } from '@weir/http/parsers';" }),
      says: /a\.ts:1: @weir\/edge may not import @weir\/http\/parsers/,
    },
    { name: 'a workspace without a layer', files: sampleWorkspace('packages/novel', {}), says: /@weir\/novel is in no layer/ },
  ],
};

/** What only tests reach into, beside what a package offers to all. */
function mayImport(mine: string, specifier: string): boolean {
  const layer = layerOf(packageName(specifier));
  const isWhole = specifier === packageName(specifier) || (mine === '@weir/tests' && specifier.endsWith('/parsers'));
  return isWhole && layer >= 0 && layer < layerOf(mine);
}

function wrongImports(workspace: Workspace, source: Source): readonly string[] {
  const mine = workspace.manifest.name;
  return source.imports
    .filter(({ specifier }) => specifier.startsWith('@weir/') && !mayImport(mine, specifier))
    .map(({ specifier, line }) => `${source.path}:${line}: ${mine} may not import ${specifier}; move what both need to a lower layer, or let the caller pass it in`);
}

function escapes(workspace: Workspace, source: Source): readonly string[] {
  return source.imports
    .filter(({ specifier }) => specifier.startsWith('.') && !posix.join(posix.dirname(source.path), specifier).startsWith(`${workspace.path}/`))
    .map(({ specifier, line }) => `${source.path}:${line}: ${specifier} leads out of ${workspace.path}; import the workspace by its name`);
}
