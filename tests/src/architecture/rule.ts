import type { Tree } from './tree.ts';

/** One rule of the repository's shape. */
export interface Rule {
  /** Reads as "architecture: <name>". */
  readonly name: string;
  /** One line for each place that breaks it: `path:line: what is wrong; what to do`. */
  readonly check: (tree: Tree) => readonly string[];
  /** Small trees that break it, each with what the rule must say: they show that it would notice. */
  readonly broken: readonly Sample[];
}

/** A tree of a few files that breaks a rule in one place. */
export interface Sample {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly says: RegExp;
}

/** Files of a workspace for samples: a manifest, a tsconfig and sources, which are named from its `src`. */
export function sampleWorkspace(path: string, sources: Readonly<Record<string, string>>, more: { manifest?: object; references?: readonly string[] } = {}): Record<string, string> {
  const files: Record<string, string> = {
    [`${path}/package.json`]: JSON.stringify({ name: `@weir/${path.split('/').at(-1)}`, version: '1.0.0', ...more.manifest }),
    [`${path}/tsconfig.json`]: JSON.stringify({ references: (more.references ?? []).map((reference) => ({ path: reference })) }),
  };
  for (const [name, text] of Object.entries(sources)) files[`${path}/src/${name}`] = text;
  return files;
}
