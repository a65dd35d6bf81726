/** How many of `total` are to be started by now when they are spread evenly over `rampMillis`: the first at once. */
export function startedBy(elapsedMillis: number, total: number, rampMillis: number): number {
  if (elapsedMillis >= rampMillis) return total;
  return Math.min(total, 1 + Math.floor((total * elapsedMillis) / rampMillis));
}
