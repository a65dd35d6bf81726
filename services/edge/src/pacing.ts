/** Frames that take longer to come than the usual time between them, times this, are not waited for. */
const lateness = 1.25;

/** Share of the time between two passes in which a burst is complete, and milliseconds that this is at most. */
const settleShare = 1 / 16;
const settleMillisMax = 2;

/** Milliseconds from which on a pass is long: as many as two frames of most streams are apart. */
const longMillis = 25;

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
  /** Milliseconds of a pass that is not over. */
  #tookMillis = 0;
  #restedMillis = 0;
  /** Milliseconds from one pass to the next: what the last one asks for, and the less of what the last two ask for. */
  #period = 0;
  #steadyPeriod = 0;

  /** @param utilisation share of the time that passes may take, above 0 and at most 1 */
  constructor(utilisation: number, restMillisMax: number) {
    this.#rest = 1 / utilisation - 1;
    this.#restMillisMax = restMillisMax;
  }

  /** Milliseconds until a pass may start. */
  delayMillis(nowMillis: number): number {
    return Math.max(0, this.#notBefore - nowMillis);
  }

  /**
   * Milliseconds beyond {@link delayMillis} that frames which wait now are better kept, for the next ones to come: none while passes may
   * start as often as frames come, or must be so far apart that one frame makes no difference. In between, a pass at the end of the rest
   * would leave the next frame waiting for a whole period; one that starts as it comes takes it along, and the core is left a quarter idler.
   *
   * @param intervalMillis time from one burst of frames to the next; null when it is not known
   */
  patienceMillis(intervalMillis: number | null): number {
    const isBetween = intervalMillis !== null && intervalMillis < this.#steadyPeriod && this.#steadyPeriod < intervalMillis * 2;
    return isBetween ? intervalMillis * lateness : 0;
  }

  /** Milliseconds that the rest of a burst which was waited for has to come after its first frame. */
  get settleMillis(): number {
    return Math.min(this.#period * settleShare, settleMillisMax);
  }

  /** Takes note of a pass, or of a part of one. The rest of a long one is spread over its parts; a short one is not held up, and rests at its end. */
  passed(startMillis: number, endMillis: number, isWhole = true): void {
    const took = endMillis - startMillis;
    this.#tookMillis += took;
    const isLong = isWhole || this.#tookMillis > longMillis;
    const rest = isLong ? Math.min(this.#tookMillis * this.#rest, this.#restMillisMax) - this.#restedMillis : 0;
    this.#restedMillis += rest;
    this.#notBefore = endMillis + rest;
    if (!isWhole) return;
    const period = this.#tookMillis + this.#restedMillis;
    this.#steadyPeriod = Math.min(this.#period, period);
    this.#period = period;
    this.#tookMillis = 0;
    this.#restedMillis = 0;
  }
}
