/**
 * How a listener behaves.
 * - `steady`: reads what comes
 * - `slow`: reads at half the speed of the steady ones
 * - `stalled`: reads the head of its answer and then nothing any more
 * - `passing`: one of the churn: vanishes with the first media
 */
export type Role = 'steady' | 'slow' | 'stalled' | 'passing';

/** What one listener of a run is. */
export interface Part {
  readonly role: Role;
  /** Its bytes are looked into. */
  readonly checked: boolean;
}

/** Numbers of listeners with each role. */
export interface CastCounts {
  readonly steady: number;
  readonly slow: number;
  readonly stalled: number;
  /** Of the steady ones: what a slow listener misses says nothing about the server. */
  readonly checked: number;
}

/** Who plays what: slow, stalled and checked listeners stand evenly among the others. */
export class Cast {
  readonly counts: CastCounts;

  constructor(options: { readonly listeners: number; readonly slowShare: number; readonly stalledShare: number; readonly checked: number }) {
    const stalled = Math.round(options.listeners * options.stalledShare);
    const slow = Math.min(options.listeners - stalled, Math.round(options.listeners * options.slowShare));
    const steady = options.listeners - stalled - slow;
    this.counts = { steady, slow, stalled, checked: Math.min(steady, options.checked) };
  }

  /** @param index of the listener, from 0. */
  part(index: number): Part {
    const { steady, slow, stalled, checked } = this.counts;
    const reading = steady + slow;
    if (isPicked(index, stalled, reading + stalled)) return { role: 'stalled', checked: false };
    const readingIndex = index - pickedBefore(index, stalled, reading + stalled);
    if (isPicked(readingIndex, slow, reading)) return { role: 'slow', checked: false };
    const steadyIndex = readingIndex - pickedBefore(readingIndex, slow, reading);
    return { role: 'steady', checked: isPicked(steadyIndex, checked, steady) };
  }
}

function pickedBefore(index: number, picks: number, total: number): number {
  return Math.floor((index * picks) / total);
}

function isPicked(index: number, picks: number, total: number): boolean {
  return pickedBefore(index + 1, picks, total) > pickedBefore(index, picks, total);
}
