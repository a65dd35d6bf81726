import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../support/checkout.ts';

/** Where the templates are that weir ships. */
export const templatesFolder: string = join(checkout, 'deploy/templates');

/** The files of templates, by name. */
export const templateFiles: readonly string[] = readdirSync(templatesFolder).filter((name) => name.endsWith('.yml'));

/** The names of all templates, in the order of files and lines: what stands four blanks deep under `templates`. */
export function shippedTemplates(): readonly string[] {
  return templateFiles.flatMap((file) => {
    const [, body = ''] = readFileSync(join(templatesFolder, file), 'utf8').split(/^templates:\n/m);
    return [...body.matchAll(/^ {4}([\w-]+):$/gm)].map(([, name = '']) => name);
  });
}
