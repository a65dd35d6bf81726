import { sampleWorkspace, type Rule } from '../rule.ts';
import type { Manifest, Source, Tree, Workspace } from '../tree.ts';
import { packageName } from './owners.ts';

/** What is imported is declared, and what is declared is imported. */
export const dependencies: Rule = {
  name: 'every package.json declares exactly what its sources import',
  check: (tree) => {
    const forAllTests = Object.keys((JSON.parse(tree.files.get('package.json') ?? '{}') as Partial<Manifest>).devDependencies ?? {});
    return tree.workspaces.flatMap((workspace) => [...undeclared(workspace, forAllTests), ...unused(workspace), ...inexact(workspace, tree)]);
  },
  broken: [
    { name: 'an import that is not declared', files: sampleWorkspace('packages/bus', { 'a.ts': "\nimport 'nats';" }), says: /^packages\/bus\/src\/a\.ts:2: nats is not in the dependencies of packages\/bus\/package\.json/ },
    {
      name: 'a source that needs what only tests may',
      files: sampleWorkspace('packages/bus', { 'a.ts': "import 'fast-check';" }, { manifest: { devDependencies: { 'fast-check': '1.0.0' } } }),
      says: /a\.ts:1: fast-check is not in the dependencies/,
    },
    { name: 'a dependency that nothing imports', files: sampleWorkspace('packages/bus', {}, { manifest: { dependencies: { nats: '2.0.0' } } }), says: /^packages\/bus\/package\.json:1: nats is declared, but/ },
    { name: 'a range of versions', files: sampleWorkspace('packages/bus', { 'a.ts': "import 'nats';" }, { manifest: { dependencies: { nats: '^2.0.0' } } }), says: /nats is declared as "\^2\.0\.0"/ },
    {
      name: 'a version that the workspace does not have',
      files: {
        ...sampleWorkspace('packages/media', {}),
        ...sampleWorkspace('packages/ring', { 'a.ts': "import '@weir/media';" }, { manifest: { dependencies: { '@weir/media': '0.9.0' } } }),
      },
      says: /@weir\/media is declared as "0\.9\.0"/,
    },
  ],
};

function undeclared({ path, manifest, sources }: Workspace, forAllTests: readonly string[]): readonly string[] {
  const forSources = new Set(Object.keys(manifest.dependencies ?? {}));
  const forTests = new Set([...forSources, ...Object.keys(manifest.devDependencies ?? {}), ...forAllTests]);
  return sources.flatMap((source) =>
    modulesOf(source)
      .filter(({ module }) => module !== manifest.name && !(source.isTest ? forTests : forSources).has(module))
      .map(({ module, line }) => `${source.path}:${line}: ${module} is not in the dependencies of ${path}/package.json; declare it there`),
  );
}

function unused({ path, manifest, sources }: Workspace): readonly string[] {
  const imported = new Set(sources.flatMap(modulesOf).map(({ module }) => module));
  return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })
    .filter((name) => !imported.has(name) && !name.startsWith('@types/'))
    .map((name) => `${path}/package.json:1: ${name} is declared, but no source imports it; remove it`);
}

function inexact({ path, manifest }: Workspace, tree: Tree): readonly string[] {
  const versions = new Map(tree.workspaces.map((workspace) => [workspace.manifest.name, workspace.manifest.version]));
  return Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
    .filter(([name, version]) => !/^\d/.test(version) || (versions.has(name) && versions.get(name) !== version))
    .map(([name, version]) => `${path}/package.json:1: ${name} is declared as "${version}"; give the one exact version`);
}

function modulesOf({ imports }: Source): readonly { readonly module: string; readonly line: number }[] {
  return imports
    .filter(({ specifier }) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
    .map(({ specifier, line }) => ({ module: packageName(specifier), line }));
}

/** The compiler builds what a workspace imports before the workspace itself. */
export const references: Rule = {
  name: 'every tsconfig.json refers to exactly the workspaces that are imported',
  check: ({ files, workspaces }) => {
    const root = JSON.parse(files.get('tsconfig.json') ?? '{"references":[]}') as { references: readonly { path: string }[] };
    const built = new Set(root.references.map(({ path }) => path));
    return workspaces.flatMap((workspace) => {
      const paths = new Map(workspaces.map(({ path, manifest }) => [manifest.name, path]));
      const imported = new Set(workspace.sources.flatMap(modulesOf).flatMap(({ module }) => (module === workspace.manifest.name ? [] : (paths.get(module) ?? []))));
      const referred = new Set(workspace.references);
      const config = `${workspace.path}/tsconfig.json:1`;
      return [
        ...[...imported].filter((path) => !referred.has(path)).map((path) => `${config}: ${path} is imported, but not in the references; add it`),
        ...[...referred].filter((path) => !imported.has(path)).map((path) => `${config}: ${path} is in the references, but not imported; remove it`),
        ...(built.has(workspace.path) ? [] : [`tsconfig.json:1: ${workspace.path} is not in the references; add it`]),
      ];
    });
  },
  broken: [
    {
      name: 'an import without a reference',
      files: { ...sampleWorkspace('packages/media', {}), ...sampleWorkspace('packages/ring', { 'a.ts': "import '@weir/media';" }) },
      says: /^packages\/ring\/tsconfig\.json:1: packages\/media is imported, but not in the references/,
    },
    {
      name: 'a reference without an import',
      files: { ...sampleWorkspace('packages/media', {}), ...sampleWorkspace('packages/ring', {}, { references: ['../media'] }) },
      says: /^packages\/ring\/tsconfig\.json:1: packages\/media is in the references, but not imported/,
    },
    { name: 'a workspace that is not built', files: sampleWorkspace('packages/media', {}), says: /^tsconfig\.json:1: packages\/media is not in the references/ },
  ],
};
