/**
 * Spaces fan-out passes so that the loop stays at a given utilisation: after a pass of t milliseconds the next starts no sooner
 * than t x (1/u - 1) later. Lightly loaded, a pass costs next to nothing and every frame leaves at once; under load frames
 * that arrive meanwhile leave together, in one write a socket, and the loop keeps time for everything else. When a pass takes
 * long, the rest has a limit: frames that leave together save little more, and waiting would only add to the delay.
 */
export class Pacing {
  readonly #rest: number;
  readonly #restMillisMax: number;
  #notBefore = 0;

  /** @param utilisation share of the time that passes may take, above 0 and at most 1 */
  constructor(utilisation: number, restMillisMax: number) {
    this.#rest = 1 / utilisation - 1;
    this.#restMillisMax = restMillisMax;
  }

  /** Milliseconds until a pass may start. */
  delayMillis(nowMillis: number): number {
    return Math.max(0, this.#notBefore - nowMillis);
  }

  passed(startMillis: number, endMillis: number): void {
    this.#notBefore = endMillis + Math.min((endMillis - startMillis) * this.#rest, this.#restMillisMax);
  }
}
