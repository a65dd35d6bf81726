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
  return pages.flatMap((page) => commandsOf(page, readPage(page)));
}

/** The commands of one page, a line each. */
export function commandsOf(page: string, text: string): readonly Documented[] {
  return [...text.matchAll(/^```(?:sh|bash|shell|console)\n(.*?)^```$/gms)].flatMap((block) => {
    const first = lineOf(text, block.index) + 1;
    return (block[1] ?? '')
      .split('\n')
      .map((line, index) => ({ command: withoutComment(line), place: `${page}:${first + index}` }))
      .filter(({ command }) => command !== '');
  });
}

/** Every block of YAML on the pages: configurations, each of them whole. */
export function documentedYaml(): readonly { readonly place: string; readonly text: string }[] {
  return pages.flatMap((page) => {
    const text = readPage(page);
    return [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map((block) => ({ place: `${page}:${lineOf(text, block.index) + 1}`, text: block[1] ?? '' }));
  });
}

/** Every piece of code within a sentence that is an option, or weir with what follows it. */
export function mentionedOptions(): readonly { readonly place: string; readonly words: readonly string[] }[] {
  return pages.flatMap((page) => {
    const text = readPage(page);
    return [...text.matchAll(/`((?:npx )?weir [a-z][^`]*|--[^`]+)`/g)].map((span) => ({
      place: `${page}:${lineOf(text, span.index)}`,
      words: (span[1] ?? '').replace(/^npx /, '').split(/\s+/),
    }));
  });
}

function readPage(page: string): string {
  return readFileSync(join(checkout, page), 'utf8');
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

function withoutComment(line: string): string {
  return line.replace(/(^|\s+)# .*$/, '').trim();
}
