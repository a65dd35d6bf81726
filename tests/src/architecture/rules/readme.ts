import { posix } from 'node:path';
import { sampleWorkspace, type Rule } from '../rule.ts';
import { lineAt } from '../scanner.ts';
import type { Manifest, Tree } from '../tree.ts';

interface RootManifest extends Partial<Manifest> {
  readonly scripts?: Readonly<Record<string, string>>;
}

/** README.md tells of what is there, and gives the reason for each third party. */
export const readme: Rule = {
  name: 'README.md is true of dependencies, scripts and files',
  check: (tree) => [...unnamed(tree), ...deadScripts(tree), ...deadLinks(tree)],
  broken: [
    {
      name: 'a dependency without a reason',
      files: { 'README.md': 'natsy', ...sampleWorkspace('packages/bus', {}, { manifest: { dependencies: { nats: '2.0.0' } } }) },
      says: /^README\.md:1: nats is a dependency of packages\/bus/,
    },
    { name: 'a script that is gone', files: { 'README.md': '\n`npm run polish`', 'package.json': '{"scripts":{"lint":"x"}}' }, says: /^README\.md:2: npm run polish/ },
    { name: 'a link to a file that is gone', files: { 'README.md': '[a](deploy/a.yml) [b](https://b.example/)' }, says: /^README\.md:1: deploy\/a\.yml/ },
  ],
};

function unnamed({ files, workspaces }: Tree): readonly string[] {
  const text = files.get('README.md') ?? '';
  const root = { path: 'the root', manifest: JSON.parse(files.get('package.json') ?? '{}') as RootManifest };
  return [...workspaces, root].flatMap(({ path, manifest }) =>
    Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })
      .filter((name) => !name.startsWith('@weir/') && !new RegExp(`(^|[^\\w/-])${name}($|[^\\w-])`, 'm').test(text))
      .map((name) => `README.md:1: ${name} is a dependency of ${path} that is not named here; say what it is for`),
  );
}

function deadScripts({ files }: Tree): readonly string[] {
  const { scripts = {} } = JSON.parse(files.get('package.json') ?? '{}') as RootManifest;
  return matches(files, /\bnpm run ([\w:-]+)/g)
    .filter(({ found }) => !(found in scripts))
    .map(({ found, line }) => `README.md:${line}: npm run ${found} is no script of package.json; correct one of them`);
}

function deadLinks({ files }: Tree): readonly string[] {
  return matches(files, /\]\((?!https?:|#)([^)]+)\)/g)
    .filter(({ found }) => !files.has(posix.normalize(found)))
    .map(({ found, line }) => `README.md:${line}: ${found} is not there; correct the link`);
}

function matches(files: Tree['files'], syntax: RegExp): readonly { readonly found: string; readonly line: number }[] {
  const text = files.get('README.md') ?? '';
  return [...text.matchAll(syntax)].map((match) => ({ found: match[1] ?? '', line: lineAt(text, match.index) }));
}
