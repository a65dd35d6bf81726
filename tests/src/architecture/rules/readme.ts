import { posix } from 'node:path';
import { sampleWorkspace, type Rule } from '../rule.ts';
import { lineAt } from '../scanner.ts';
import type { Manifest, Tree } from '../tree.ts';

interface RootManifest extends Partial<Manifest> {
  readonly scripts?: Readonly<Record<string, string>>;
}

/** README.md tells of what is there, and gives the reason for each third party. */
export const readme: Rule = {
  name: 'README.md is true of dependencies, scripts, files and folders',
  check: (tree) => [...unnamed(tree), ...deadScripts(tree), ...deadLinks(tree), ...wrongTree(tree)],
  broken: [
    {
      name: 'a dependency without a reason',
      files: { 'README.md': 'natsy', ...sampleWorkspace('packages/bus', {}, { manifest: { dependencies: { nats: '2.0.0' } } }) },
      says: /^README\.md:1: nats is a dependency of packages\/bus/,
    },
    { name: 'a script that is gone', files: { 'README.md': '\n`npm run polish`', 'package.json': '{"scripts":{"lint":"x"}}' }, says: /^README\.md:2: npm run polish/ },
    { name: 'a link to a file that is gone', files: { 'README.md': '[a](deploy/a.yml) [b](https://b.example/)' }, says: /^README\.md:1: deploy\/a\.yml/ },
    { name: 'a link to a section that is gone', files: { 'README.md': '[a](deploy/A.md#b-c)', 'deploy/A.md': '## B\n' }, says: /^README\.md:1: deploy\/A\.md#b-c/ },
    {
      name: 'a workspace that its tree leaves out',
      files: { 'README.md': '```\npackages/   bus   x\n```\n', ...sampleWorkspace('packages/bus', {}), ...sampleWorkspace('packages/novel', {}) },
      says: /^README\.md:1: packages\/novel/,
    },
    {
      name: 'a workspace in its tree that is gone',
      files: { 'README.md': '```\npackages/   bus   x\n            old   y\n```\n', ...sampleWorkspace('packages/bus', {}) },
      says: /^README\.md:3: packages\/old/,
    },
    {
      name: 'a folder of tests that its tree leaves out',
      files: { 'README.md': '```\ntests/      what spans: one\n```\n', 'tests/src/one/a.test.ts': '', 'tests/src/two/a.test.ts': '' },
      says: /^README\.md:1: tests\/src\/two/,
    },
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
  return matches(files, /\]\((?!https?:)([^)]+)\)/g)
    .filter(({ found }) => {
      const [path = '', anchor] = found.split('#');
      const target = files.get(path === '' ? 'README.md' : posix.normalize(path));
      return target === undefined || (anchor !== undefined && !anchorsOf(target).includes(anchor));
    })
    .map(({ found, line }) => `README.md:${line}: ${found} is not there; correct the link`);
}

/** What GitHub makes of a page's headings. */
function anchorsOf(page: string): readonly string[] {
  return [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replaceAll(/[^\w -]/g, '').replaceAll(' ', '-'));
}

/** The block that begins with `packages/`, a line for each workspace, is what there is. */
function wrongTree({ files, workspaces }: Tree): readonly string[] {
  const text = files.get('README.md') ?? '';
  const block = /^```\n((?:packages|tests)\/ [^]*?)^```$/m.exec(text);
  if (block === null) return [];
  const first = lineAt(text, block.index) + 1;
  let folder = '';
  const told = (block[1] ?? '').split('\n').flatMap((row, index) => {
    const [, top, name = ''] = /^(?:([\w-]+)\/)? +([\w-]+) /.exec(row) ?? [];
    if (top !== undefined) folder = top;
    return /^(packages|services)$/.test(folder) && name !== '' ? [{ path: `${folder}/${name}`, line: first + index }] : [];
  });
  const there = workspaces.map(({ path }) => path).filter((path) => path !== 'tests');
  const areas = new Set([...files.keys()].flatMap((path) => /^tests\/src\/([^/]+)\//.exec(path)?.[1] ?? []));
  return [
    ...there.filter((path) => !told.some((each) => each.path === path)).map((path) => `README.md:${first - 1}: ${path} is not in the tree of "Where things are"; say what it is`),
    ...told.filter(({ path }) => !there.includes(path)).map(({ path, line }) => `README.md:${line}: ${path} is not there; take it out`),
    ...[...areas]
      .filter((area) => !new RegExp(`\\b${area}\\b`).test(block[1] ?? ''))
      .map((area) => `README.md:${first - 1}: tests/src/${area} is not in the tree of "Where things are"; name it with the others of tests`),
  ];
}

function matches(files: Tree['files'], syntax: RegExp): readonly { readonly found: string; readonly line: number }[] {
  const text = files.get('README.md') ?? '';
  return [...text.matchAll(syntax)].map((match) => ({ found: match[1] ?? '', line: lineAt(text, match.index) }));
}
