import * as z from 'zod';

const bytesPerUnit: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1000,
  KB: 1000,
  MB: 1000 ** 2,
  GB: 1000 ** 3,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

const pattern = /^\d+(?:\.\d+)?(?:B|[kK]B|MB|GB|KiB|MiB|GiB)?$/;

/** Bytes of `64KiB`, `1MB` or a number of bytes; null for anything else and for parts of a byte. */
export function parseSize(value: string | number): number | null {
  const text = String(value);
  if (!pattern.test(text)) return null;
  const unit = /[A-Za-z]+$/.exec(text)?.[0] ?? 'B';
  // 2.01 times 1000 is a hair less than 2010.
  const bytes = Number((Number.parseFloat(text) * (bytesPerUnit[unit] ?? 0)).toPrecision(15));
  return Number.isSafeInteger(bytes) ? bytes : null;
}

/** A size in bytes, from 1 to `bytesMax`, which `most` spells. */
export function size(bytesMax: number, most: string): z.ZodType<number, string | number> {
  const error = 'expected a size such as 188, 64KiB, 1MB or a number of bytes';
  return z
    .union([z.number({ error }).int({ error }), z.string({ error }).regex(pattern, { error })], { error })
    .transform((value) => parseSize(value) ?? 0)
    .refine((bytes) => bytes >= 1 && bytes <= bytesMax, { error: `expected a whole number of bytes from 1 to ${most}` });
}
