import { RateMeter } from '@weir/telemetry';

/** A listener by whose progress the stream's rate is known. */
export interface RateReference {
  readonly bytes: number;
  /** False once it gets no more. */
  readonly isReceiving: boolean;
}

/** Seconds over which the rate is taken: streams come in groups of a few seconds. */
const windowSeconds = 5;

/** The rate of a stream as one of its readers gets it; when that one ends, another takes its place. */
export class StreamRate {
  #reference: RateReference | null = null;
  #bytes = 0;
  #meter = new RateMeter(windowSeconds);
  #bytesPerSecond: number | null = null;

  /** Null until it is known. */
  get bytesPerSecond(): number | null {
    return this.#bytesPerSecond;
  }

  /** To be called about once a second. What a listener got before it became the reference, such as the burst at its join, does not count. */
  sample(candidates: Iterable<RateReference>, nowMillis: number): void {
    if (this.#reference?.isReceiving !== true) {
      this.#reference = firstReceiving(candidates);
      this.#bytes = this.#reference?.bytes ?? 0;
      this.#meter = new RateMeter(windowSeconds);
      this.#meter.add(0, nowMillis);
      return;
    }
    const { bytes } = this.#reference;
    this.#meter.add(bytes - this.#bytes, nowMillis);
    this.#bytes = bytes;
    if (this.#meter.total > 0) this.#bytesPerSecond = this.#meter.perSecond(nowMillis);
  }
}

function firstReceiving(candidates: Iterable<RateReference>): RateReference | null {
  for (const candidate of candidates) {
    if (candidate.isReceiving) return candidate;
  }
  return null;
}
