/** The checksums of a stream's units in their order, and where each that is there once is found. */
export class UnitIndex {
  readonly keys: Uint32Array;
  readonly #places = new Map<number, number>();

  constructor(keys: Uint32Array) {
    this.keys = keys;
    for (const [place, key] of keys.entries()) this.#places.set(key, this.#places.has(key) ? -1 : place);
  }

  /** Undefined when it is no unit of the stream; -1 when it is there more than once. */
  placeOf(key: number): number | undefined {
    return this.#places.get(key);
  }
}

/** Follows one listener through a stream that is known: what was left out, what came twice. */
export class Continuity {
  readonly #index: UnitIndex;
  #place = -1;
  /** Times that units were missing, and how many; units that came again; those that no source has sent, as the edge's own. */
  gaps = 0;
  missing = 0;
  repeated = 0;
  foreign = 0;

  constructor(index: UnitIndex) {
    this.#index = index;
  }

  /** What the next listener gets has nothing to do with what came before. */
  forget(): void {
    [this.gaps, this.missing, this.repeated, this.foreign] = [0, 0, 0, 0];
  }

  take(key: number): void {
    const { keys } = this.#index;
    const next = (this.#place + 1) % keys.length;
    if (this.#place >= 0 && keys[next] === key) {
      this.#place = next;
      return;
    }
    const place = this.#index.placeOf(key);
    if (place === undefined) this.foreign++;
    if (place === undefined || place < 0) return;
    if (this.#place >= 0) this.#jump((place - this.#place + keys.length) % keys.length);
    this.#place = place;
  }

  /** A step of more than half the stream is one back. */
  #jump(units: number): void {
    if (units === 0 || units > this.#index.keys.length / 2) {
      this.repeated++;
      return;
    }
    this.gaps++;
    this.missing += units - 1;
  }
}
