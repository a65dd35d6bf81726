import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Eta } from 'eta';
import { escapeHtml } from './escape.ts';

/** A page, named after its template. */
export type PageName = 'start' | 'stat' | 'play';

const folder = join(import.meta.dirname, '../../pages');
const parts = ['layout', 'mood', 'since', 'error', 'copy', 'thumbnail', 'producers', 'masters', 'instances'] as const;
const pages = ['start', 'stat', 'play'] as const satisfies readonly PageName[];

const eta = new Eta({ autoEscape: true, escapeFunction: escapeHtml });
for (const name of [...parts, ...pages]) {
  eta.loadTemplate(`@${name}`, readFileSync(join(folder, `${name}.eta`), 'utf8').trimEnd());
}

/** Fills a page's template. Templates lay out; what `view` holds is already worded, and is escaped here. */
export function render(page: PageName, view: object): string {
  return eta.render(`@${page}`, view);
}
