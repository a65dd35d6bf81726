import { sampleWorkspace, type Rule } from '../rule.ts';
import { lineAt } from '../scanner.ts';
import type { Workspace } from '../tree.ts';

interface LockEntry {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The lock file is up to date, and good for everyone, not just for the machine that wrote it. */
export const lockFile: Rule = {
  name: 'package-lock.json is what npm ci accepts on any machine',
  check: (tree) => {
    const { packages = {} } = JSON.parse(tree.files.get('package-lock.json') ?? '{}') as { packages?: LockPackages };
    return [...registries(tree.files), ...missingEntries(packages), ...outdatedEntries(packages, tree.workspaces)];
  },
  broken: [
    {
      name: 'a registry in the lock file',
      files: { 'package-lock.json': '{\n"packages": { "node_modules/a": {\n"resolved": "https://registry.example/a.tgz" } } }' },
      says: /^package-lock\.json:3: /,
    },
    { name: 'a registry in .npmrc', files: { '.npmrc': 'fund=false\nregistry=https://registry.example/\n' }, says: /^\.npmrc:2: / },
    {
      name: 'a package for another platform that npm could not see',
      files: { 'package-lock.json': JSON.stringify({ packages: { 'node_modules/a': { optionalDependencies: { 'a-darwin': '1.0.0' } } } }) },
      says: /^package-lock\.json:1: a-darwin, which node_modules\/a asks for, has no entry/,
    },
    {
      name: 'a dependency that was added by hand',
      files: { 'package-lock.json': '{}', ...sampleWorkspace('packages/bus', {}, { manifest: { dependencies: { nats: '2.0.0' } } }) },
      says: /^package-lock\.json:1: packages\/bus\/package\.json has other dependencies/,
    },
  ],
};

type LockPackages = Readonly<Record<string, LockEntry>>;

function registries(files: ReadonlyMap<string, string>): readonly string[] {
  const searched: readonly [path: string, syntax: RegExp][] = [
    ['package-lock.json', /"resolved": *"http/g],
    ['.npmrc', /^.*registry *=.*:\/\//gm],
  ];
  return searched.flatMap(([path, syntax]) => {
    const text = files.get(path) ?? '';
    return [...text.matchAll(syntax)].map((match) => `${path}:${lineAt(text, match.index)}: names a registry; leave that to each machine (omit-lockfile-registry-resolved in .npmrc)`);
  });
}

/** `npm ci` refuses a lock file without an entry for each optional dependency, whatever platform that is for. */
function missingEntries(packages: LockPackages): readonly string[] {
  return Object.entries(packages).flatMap(([place, entry]) =>
    Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
      .filter((name) => !placesFor(name, place).some((candidate) => candidate in packages))
      .map((name) => `package-lock.json:1: ${name}, which ${place} asks for, has no entry; npm ci would refuse it: add one with its version, "optional", "os" and "cpu"`),
  );
}

/** `npm ci` refuses a lock file that knows other dependencies than a package.json. */
function outdatedEntries(packages: LockPackages, workspaces: readonly Workspace[]): readonly string[] {
  const wanted = ({ dependencies, devDependencies }: LockEntry): string =>
    JSON.stringify(Object.entries({ ...dependencies, ...devDependencies }).sort(([a], [b]) => (a < b ? -1 : 1)));
  return workspaces
    .filter(({ path, manifest }) => wanted(packages[path] ?? {}) !== wanted(manifest))
    .map(({ path }) => `package-lock.json:1: ${path}/package.json has other dependencies; npm ci would refuse it: npm install`);
}

/** Where Node would look for `name` from `place`, nearest first. */
function placesFor(name: string, place: string): readonly string[] {
  const parts = place === '' ? [] : place.split('/');
  return Array.from({ length: parts.length + 1 }, (_, dropped) => [...parts.slice(0, parts.length - dropped), 'node_modules', name].join('/'));
}
