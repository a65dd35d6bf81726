/** How much a line matters, the most first. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** Each level's rank: a threshold lets its own rank and the lower ones through. */
export const levelRanks: Readonly<Record<LogLevel, number>> = { error: 0, warn: 1, info: 2, debug: 3 };

/** Components with a level of their own: nobody needs more, and each costs memory. */
const componentsMax = 100;

/** The thresholds of all components, changeable while the program runs. */
export class Thresholds {
  #general: number;
  readonly #byComponent = new Map<string, number>();
  #version = 0;

  constructor(level: LogLevel) {
    this.#general = levelRanks[level];
  }

  /** Grows with every change, so that a logger looks its threshold up only then. */
  get version(): number {
    return this.#version;
  }

  /**
   * Without a component, for all of them; with one, for it and those below it (`edge` and `edge.ring`).
   *
   * @throws RangeError when too many components have one of their own
   */
  set(level: LogLevel, component?: string): void {
    this.#version++;
    if (component !== undefined) {
      if (!this.#byComponent.has(component) && this.#byComponent.size >= componentsMax) throw new RangeError(`more than ${componentsMax} components have a level of their own: set that of all first`);
      this.#byComponent.set(component, levelRanks[level]);
      return;
    }
    this.#general = levelRanks[level];
    this.#byComponent.clear();
  }

  /** The rank that holds for a component: its own, else that of the nearest one above it, else the general one. */
  rankOf(component: string): number {
    for (let name = component; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
      const rank = this.#byComponent.get(name);
      if (rank !== undefined) return rank;
    }
    return this.#general;
  }
}
