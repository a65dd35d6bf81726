import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { checkout } from '../support/checkout.ts';

/** Where the templates are that weir ships. */
export const templatesFolder: string = join(checkout, 'deploy/templates');

/** The files of templates, by name. */
export const templateFiles: readonly string[] = readdirSync(templatesFolder).filter((name) => name.endsWith('.yml'));

/** The names of all templates, file by file. */
export function shippedTemplates(): readonly string[] {
  return templateFiles.flatMap((file) => {
    const { templates } = parse(readFileSync(join(templatesFolder, file), 'utf8')) as { templates: Record<'encoders' | 'sets', object | undefined> };
    return [...Object.keys(templates.sets ?? {}), ...Object.keys(templates.encoders ?? {})];
  });
}
