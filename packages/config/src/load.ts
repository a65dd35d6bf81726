import { FileReader } from './files.ts';
import { wholeFile } from './place.ts';
import { Problems } from './problem.ts';
import { resolveFiles } from './resolve.ts';
import { treeOf } from './tree.ts';
import type { Configuration } from './configuration.ts';
import type { Environment } from './environment.ts';

/** A configuration and where it comes from. */
export interface LoadedConfiguration {
  readonly configuration: Configuration;
  /** Files and directories whose change may change the configuration, as they were named. */
  readonly sources: readonly string[];
}

/**
 * Reads files, and the *.yml, *.yaml and *.json files of directories, as one configuration.
 * Throws `ConfigurationError` with everything that is wrong with them.
 *
 * @param environment what `${VAR}` in a value stands for, usually `process.env`.
 */
export function loadConfiguration(paths: readonly string[], environment: Environment): LoadedConfiguration {
  const problems = new Problems();
  const reader = new FileReader(environment, problems);
  for (const path of paths) reader.readPath(path);
  return finish(reader, problems);
}

/** The same for a text; `fileName` stands in messages, and relative paths are looked up beside it. */
export function parseConfiguration(text: string, fileName: string, environment: Environment): LoadedConfiguration {
  const problems = new Problems();
  const reader = new FileReader(environment, problems);
  reader.readText(text, fileName);
  return finish(reader, problems);
}

/**
 * The same for a value with the keys of a configuration file, made by a program such as `weir serve`. The environment is
 * not asked; placeholders in commands count, so pass what users typed through `escapePlaceholders`.
 *
 * @param origin stands in messages where files have their names.
 */
export function configurationOf(value: object, origin: string): Configuration {
  return resolveFiles([{ file: origin, tree: treeOf(value, wholeFile(origin)) }], true, new Problems());
}

function finish(reader: FileReader, problems: Problems): LoadedConfiguration {
  const configuration = resolveFiles(reader.files, reader.complete, problems);
  const { htpasswd, keys } = configuration.access;
  return { configuration, sources: [...reader.watched, ...Object.keys(htpasswd), ...Object.keys(keys)] };
}
