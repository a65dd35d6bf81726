import type { Rule } from '../rule.ts';
import { lineAt } from '../scanner.ts';

interface LockEntry {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The lock file is good for everyone, not just for the machine that wrote it. */
export const lockFile: Rule = {
  name: 'package-lock.json names no registry and lacks no platform',
  check: ({ files }) => [...registries(files), ...missingEntries(files.get('package-lock.json') ?? '{}')],
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
  ],
};

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
function missingEntries(text: string): readonly string[] {
  const { packages = {} } = JSON.parse(text) as { packages?: Readonly<Record<string, LockEntry>> };
  return Object.entries(packages).flatMap(([place, entry]) =>
    Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
      .filter((name) => !placesFor(name, place).some((candidate) => candidate in packages))
      .map((name) => `package-lock.json:1: ${name}, which ${place} asks for, has no entry; npm ci would refuse it: add one with its version, "optional", "os" and "cpu"`),
  );
}

/** Where Node would look for `name` from `place`, nearest first. */
function placesFor(name: string, place: string): readonly string[] {
  const parts = place === '' ? [] : place.split('/');
  return Array.from({ length: parts.length + 1 }, (_, dropped) => [...parts.slice(0, parts.length - dropped), 'node_modules', name].join('/'));
}
