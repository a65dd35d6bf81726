import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../support/checkout.ts';

/** Pages whose commands are promises: each of them is claimed in one of the tables beside this file. */
const pages = ['README.md', 'deploy/README.md', 'deploy/geo/README.md', 'deploy/templates/README.md'] as const;

/** A line that somebody is told to type. */
export interface Documented {
  /** Without its comment. */
  readonly command: string;
  /** Such as `README.md:14`. */
  readonly place: string;
}

/** Every line of every block of shell commands, in the order of the pages. */
export function documented(): readonly Documented[] {
  return pages.flatMap((page) => commandsOf(page, readFileSync(join(checkout, page), 'utf8')));
}

/** The commands of one page, a line each. */
export function commandsOf(page: string, text: string): readonly Documented[] {
  return [...text.matchAll(/^```(?:sh|bash|shell|console)\n(.*?)^```$/gms)].flatMap((block) => {
    const first = text.slice(0, block.index).split('\n').length + 1;
    return (block[1] ?? '')
      .split('\n')
      .map((line, index) => ({ command: withoutComment(line), place: `${page}:${first + index}` }))
      .filter(({ command }) => command !== '');
  });
}

/** A YAML block of README.md: the first that has these words. */
export function yamlWith(words: string): string {
  const text = readFileSync(join(checkout, 'README.md'), 'utf8');
  const found = [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block = '']) => block).find((block) => block.includes(words));
  if (found === undefined) throw new Error(`no block of YAML in README.md has "${words}"`);
  return found;
}

function withoutComment(line: string): string {
  return line.replace(/(^|\s+)# .*$/, '').trim();
}
