import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folders of `tests/src` whose tests load or time the machine and must have it to themselves. */
const aloneFolders: ReadonlySet<string> = new Set(['e2e', 'browser', 'chaos', 'bench', 'docker', 'helm']);

/** Folders whose tests build images or tools, which takes its time. */
const patientFolders: ReadonlySet<string> = new Set(['docker', 'helm']);

/** One file of tests. Paths are relative to the repository, with forward slashes. */
export interface TestFile {
  readonly source: string;
  /** What the compiler makes of `source`, and what is run. */
  readonly built: string;
  /** True when nothing else may run beside it. */
  readonly alone: boolean;
  /** True when it may take half an hour. */
  readonly patient: boolean;
}

/**
 * The tests of every workspace, in order of their paths; with `filters`, those whose path contains one of them.
 * Sources are what counts: what a deleted test has left behind in `dist` is not found.
 */
export function findTestFiles(root: string, filters: readonly string[] = []): readonly TestFile[] {
  const files = workspaces(root).flatMap((workspace) => {
    const names = existsSync(join(root, workspace, 'src')) ? readdirSync(join(root, workspace, 'src'), { recursive: true, encoding: 'utf8' }) : [];
    return names
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => ({
        source: `${workspace}/src/${name}`,
        built: `${workspace}/dist/${name.replace(/\.ts$/, '.js')}`,
        alone: workspace === 'tests' && aloneFolders.has(name.split('/')[0] ?? ''),
        patient: workspace === 'tests' && patientFolders.has(name.split('/')[0] ?? ''),
      }));
  });
  return files
    .filter(({ source, built }) => filters.length === 0 || filters.some((filter) => source.includes(filter) || built.includes(filter)))
    .sort((a, b) => (a.source < b.source ? -1 : 1));
}

/** Folders of the workspaces that package.json names, one by one or as `folder/*`. */
function workspaces(root: string): readonly string[] {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { workspaces: readonly string[] };
  return manifest.workspaces.flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [pattern];
    const folder = pattern.slice(0, -2);
    return readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);
  });
}
