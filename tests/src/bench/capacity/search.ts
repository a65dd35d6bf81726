/** What came of so many listeners. */
export interface Probed {
  readonly carried: boolean;
  /** Near its limit: the next step is a small one. */
  readonly strained: boolean;
}

/** How many were carried, and how many were too many; null where there was no such number up to the limit. */
export interface Found {
  readonly carried: number;
  readonly tooMany: number | null;
}

/** From one step to the next, far from the limit and near it. */
const [farFactor, nearFactor] = [2.5, 1.5];

/** Steps after which the answer is what is known by then. */
const stepsMax = 14;

/**
 * Looks for the most listeners that are carried: up in steps, or down when `first` is too many, until what is carried and what is too many are no
 * further apart than a small step, then once in the middle between the two.
 */
export async function searchMost(probe: (listeners: number) => Promise<Probed>, first: number, max: number): Promise<Found> {
  let carried = 0;
  let tooMany: number | null = null;
  let next = Math.min(first, max);
  for (let step = 0; step < stepsMax; step++) {
    const narrow = tooMany !== null && carried > 0 && tooMany / carried <= nearFactor + 0.01;
    const probed = await probe(next);
    if (probed.carried) carried = next;
    else tooMany = next;
    if (narrow || carried === max || tooMany === 1) break;
    if (tooMany === null) next = Math.min(max, Math.ceil(carried * (probed.strained ? nearFactor : farFactor)));
    else if (carried === 0) next = Math.floor(tooMany / farFactor);
    else next = Math.round(tooMany / carried > nearFactor + 0.01 ? Math.sqrt(carried * tooMany) : (carried + tooMany) / 2);
    if (next === 0 || next === carried || next === tooMany) break;
  }
  return { carried, tooMany };
}
