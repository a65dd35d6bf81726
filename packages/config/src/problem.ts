import { formatPlace } from './place.ts';
import type { Place } from './place.ts';

/** Keys and list indices from the root of the configuration to a value. */
export type Path = readonly (string | number)[];

/** One thing the user has to mend. `line` and `column` are 0 when the file as a whole is meant. */
export interface Problem extends Place {
  /** `streams.cam.feed`; empty at the root. */
  readonly path: string;
  /** What is wrong and what would be right, in one line without the place. */
  readonly message: string;
}

/** Problems that are printed; more of them are counted. */
const printedMax = 200;

/** `weir.yml:14:5 streams.cam.feed: no feed named "came"; did you mean "cam"?` */
export function formatProblem(problem: Problem): string {
  return `${formatPlace(problem)}${problem.path === '' ? '' : ` ${problem.path}`}: ${problem.message}`;
}

/** The configuration cannot be used. `message` has one line per problem, in the order of the files. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const lines = problems.slice(0, printedMax).map(formatProblem);
    if (problems.length > printedMax) lines.push(`and ${problems.length - printedMax} more problems`);
    super(lines.join('\n'));
    this.problems = problems;
  }
}

/** Gathers problems, so that the user sees all of them at once. The same words about the same place count once. */
export class Problems {
  readonly #found = new Map<string, Problem>();
  #reports = 0;

  add(place: Place, path: Path, message: string): void {
    this.#reports++;
    const key = `${formatPlace(place)} ${message}`;
    if (!this.#found.has(key)) this.#found.set(key, { ...place, path: formatPath(path), message });
  }

  /** Grows with every report, a repeated one included: shows whether a part is sound. */
  get reports(): number {
    return this.#reports;
  }

  /** By file, in the order in which the files first had a problem, then by line and column. */
  list(): readonly Problem[] {
    const problems = [...this.#found.values()];
    const files = [...new Set(problems.map((problem) => problem.file))];
    const order = new Map(files.map((file, index) => [file, index]));
    const rank = (problem: Problem): number => order.get(problem.file) ?? 0;
    return problems.sort((a, b) => rank(a) - rank(b) || a.line - b.line || a.column - b.column);
  }

  /** Throws {@link ConfigurationError} if there is any problem. */
  throwIfAny(): void {
    if (this.#found.size > 0) throw new ConfigurationError(this.list());
  }
}

/** Text of the user's in a message: quoted, on one line, bounded, without characters that a terminal would act on. */
export function quote(text: string): string {
  const bounded = text.length > 80 ? `${text.slice(0, 77)}...` : text;
  return `"${bounded.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`)}"`;
}

function formatPath(path: Path): string {
  return path.map((part) => (/^[\w{}-]{1,80}$/.test(String(part)) ? String(part) : quote(String(part)))).join('.');
}
