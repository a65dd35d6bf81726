import { readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { exportsOf, importsOf, strip, type Export, type Import } from './scanner.ts';

/** One source of a workspace: `src/**.ts` or `bin/*.js`. */
export interface Source {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  /** True for `*.test.ts`, for what those share in `*.testing.ts`, and for all that the tests workspace holds. */
  readonly isTest: boolean;
  /** The text without comments and strings, for rules about what code does. */
  readonly bare: string;
  readonly imports: readonly Import[];
  readonly exports: readonly Export[];
}

/** The parts of a package.json that rules are about. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** One package, one service, or the tests. */
export interface Workspace {
  /** Such as `packages/media`. */
  readonly path: string;
  readonly manifest: Manifest;
  /** Paths of the workspaces that its tsconfig.json refers to. */
  readonly references: readonly string[];
  readonly sources: readonly Source[];
}

/** The repository as the rules see it. */
export interface Tree {
  /** Every file read, by path. */
  readonly files: ReadonlyMap<string, string>;
  readonly workspaces: readonly Workspace[];
}

const topFiles = ['package.json', 'package-lock.json', 'tsconfig.json', '.npmrc', 'README.md', 'SECURITY.md', 'LICENSE'];
const folders = ['packages', 'services', 'tests', 'deploy'];
const skippedFolders: ReadonlySet<string> = new Set(['node_modules', 'dist', 'fixtures']);
const extensions: ReadonlySet<string> = new Set(['.ts', '.js', '.mjs', '.json', '.yml', '.md']);

/** Reads a checkout. */
export function readTree(root: string): Tree {
  const paths = [...topFiles, ...folders.flatMap((folder) => pathsBelow(root, folder))];
  return treeOf(new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')])));
}

function pathsBelow(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : pathsBelow(root, path);
    return entry.isFile() && extensions.has(extname(path)) ? [path] : [];
  });
}

/** Makes sense of files that have been read already. */
export function treeOf(files: ReadonlyMap<string, string>): Tree {
  const workspaces = [...files.keys()].flatMap((path) => {
    const [, workspace] = /^((?:packages|services)\/[^/]+|tests)\/package\.json$/.exec(path) ?? [];
    return workspace === undefined ? [] : [workspaceOf(workspace, files)];
  });
  return { files, workspaces };
}

function workspaceOf(path: string, files: ReadonlyMap<string, string>): Workspace {
  const config = JSON.parse(files.get(`${path}/tsconfig.json`) ?? '{}') as { references?: readonly { path: string }[] };
  const isSource = new RegExp(`^${path}/(src/.*\\.ts|bin/.*\\.js)$`);
  return {
    path,
    manifest: JSON.parse(files.get(`${path}/package.json`) ?? '{}') as Manifest,
    references: (config.references ?? []).map((reference) => join(path, reference.path)),
    sources: [...files].filter(([file]) => isSource.test(file)).map(([file, text]) => sourceOf(file, text)),
  };
}

function sourceOf(path: string, text: string): Source {
  const stripped = strip(text);
  return {
    path,
    isTest: /^tests\/|\.test(ing)?\.ts$/.test(path),
    bare: stripped.bare,
    imports: importsOf(stripped),
    exports: exportsOf(text, stripped),
  };
}
