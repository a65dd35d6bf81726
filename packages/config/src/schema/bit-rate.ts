import * as z from 'zod';

const bitsPerUnit: Readonly<Record<string, number>> = { 'bit/s': 1, 'kbit/s': 1000, 'Mbit/s': 1000 ** 2, 'Gbit/s': 1000 ** 3 };

const pattern = /^\d+(?:\.\d+)?(?:[kMG]?bit\/s)?$/;

/** A limit outside these is a slip of the unit. */
const bitsPerSecondMin = 1000;
const bitsPerSecondMax = 1000 ** 4;

/** Bits a second of `800kbit/s`, `1.5Mbit/s`, `1Gbit/s` or a number of bits a second, rounded to a whole one; null for anything else. */
export function parseBitRate(value: string | number): number | null {
  const text = String(value);
  if (!pattern.test(text)) return null;
  const unit = /[kMG]?bit\/s$/.exec(text)?.[0] ?? 'bit/s';
  return Math.round(Number.parseFloat(text) * (bitsPerUnit[unit] ?? 0));
}

/** The shortest exact spelling: `800kbit/s`, `1500kbit/s`, `1Gbit/s`; what {@link parseBitRate} reads back. */
export function formatBitRate(bitsPerSecond: number): string {
  const unit = ['Gbit/s', 'Mbit/s', 'kbit/s'].find((name) => bitsPerSecond % (bitsPerUnit[name] ?? 1) === 0) ?? 'bit/s';
  return `${bitsPerSecond / (bitsPerUnit[unit] ?? 1)}${unit}`;
}

const error = 'expected a bit rate such as 800kbit/s, 1.5Mbit/s, 1Gbit/s or a number of bits a second';

/** A bit rate in bits a second. */
export const bitRate: z.ZodType<number, string | number> = z
  .union([z.number({ error }).min(0, { error }), z.string({ error }).regex(pattern, { error })], { error })
  .transform((value) => parseBitRate(value) ?? 0)
  .refine((bits) => bits >= bitsPerSecondMin && bits <= bitsPerSecondMax, { error: 'expected a bit rate from 1kbit/s to 1000Gbit/s' });
