import { formatPlace } from './place.ts';
import { quote } from './problem.ts';
import type { Place } from './place.ts';
import type { Path, Problems } from './problem.ts';

/** Paths that edge and control answer themselves. */
const reserved = new Set([
  '/stat',
  '/stat.json',
  '/stat.schema.json',
  '/healthz',
  '/readyz',
  '/metrics',
  '/config',
  '/config.schema.json',
  '/openapi.json',
  '/status-json.xsl',
  '/stream',
  '/admin',
  '/play',
]);
const reservedBelow = ['/stream/', '/admin/', '/play/'];
/** What follows a stream's path to ask for its picture or a playlist of it. */
const reservedEndings = ['/pic', '.m3u', '.pls', '.xspf'];

/** Why a stream cannot be at `urlPath`; null when it can. */
export function whyReserved(urlPath: string): string | null {
  if (reserved.has(urlPath) || reservedBelow.some((below) => urlPath.startsWith(below))) return `${quote(urlPath)} is answered by weir itself`;
  const ending = reservedEndings.find((end) => urlPath.endsWith(end));
  return ending === undefined ? null : `${quote(urlPath)} ends in "${ending}", which asks for a picture or a playlist`;
}

/** Keeps every URL path for one stream. */
export class UrlPaths {
  readonly #taken = new Map<string, Place>();
  readonly #problems: Problems;

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  /** @param place where the path can be mended; @param hint what to add to a message. */
  claim(urlPath: string, place: Place, path: Path, hint: string): void {
    const why = whyReserved(urlPath);
    const earlier = this.#taken.get(urlPath);
    if (why !== null) this.#problems.add(place, path, `${why}${hint}`);
    else if (earlier === undefined) this.#taken.set(urlPath, place);
    else this.#problems.add(place, path, `the path ${quote(urlPath)} is already taken at ${formatPlace(earlier)}${hint}`);
  }
}
