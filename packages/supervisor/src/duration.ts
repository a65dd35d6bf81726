const steps: readonly [unit: string, millis: number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
];

/** A length of time as people say it: `40 ms`, `3.2 s`, `4 min 10 s`, `2 h 5 min`, `3 d 4 h`. */
export function describeMillis(millis: number): string {
  if (millis < 1000) return `${Math.round(millis)} ms`;
  const seconds = Math.round(millis / 1000);
  if (seconds < 60) return `${(millis / 1000).toFixed(1).replace(/\.0$/, '')} s`;
  const index = steps.findIndex(([, size]) => seconds * 1000 >= size);
  const [unit, size] = steps[index] ?? ['s', 1000];
  const [unitBelow, sizeBelow] = steps[index + 1] ?? ['s', 1000];
  const rest = Math.floor(((seconds * 1000) % size) / sizeBelow);
  const whole = `${Math.floor((seconds * 1000) / size)} ${unit}`;
  return rest === 0 ? whole : `${whole} ${rest} ${unitBelow}`;
}
