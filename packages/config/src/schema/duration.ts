import * as z from 'zod';

const millisPerUnit: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Timers of Node fire at once beyond 2^31 ms. */
const millisMax = 500 * 3_600_000;

const pattern = /^\d+(?:\.\d+)?(?:ms|s|m|h)?$/;

/** How a duration is written, for messages. */
export const durationForms = 'a duration such as 500ms, 20s, 1m, 2h or a number of seconds';

/** Milliseconds of `500ms`, `20s`, `1m`, `2h` or a number of seconds; null for anything else. */
export function parseDuration(value: string | number): number | null {
  const text = String(value);
  if (!pattern.test(text)) return null;
  const unit = /[a-z]+$/.exec(text)?.[0] ?? 's';
  return Math.round(Number.parseFloat(text) * (millisPerUnit[unit] ?? 0));
}

/** The shortest exact spelling: `1500ms`, `20s`, `1m`, `2h`; what {@link parseDuration} reads back. */
export function formatDuration(millis: number): string {
  if (millis === 0) return '0s';
  const unit = ['h', 'm', 's'].find((name) => millis % (millisPerUnit[name] ?? 1) === 0) ?? 'ms';
  return `${millis / (millisPerUnit[unit] ?? 1)}${unit}`;
}

/** A duration in milliseconds, at most 500 hours. */
export function duration(options: { readonly positive: boolean; readonly otherwise?: string }): z.ZodType<number, string | number> {
  const error = `expected ${options.otherwise ?? ''}${durationForms}`;
  return z
    .union([z.number({ error }).min(0, { error }), z.string({ error }).regex(pattern, { error })], { error })
    .transform((value) => parseDuration(value) ?? 0)
    .refine((millis) => millis <= millisMax, { error: 'expected at most 500h' })
    .refine((millis) => millis > 0 || !options.positive, { error: 'expected more than 0' });
}
