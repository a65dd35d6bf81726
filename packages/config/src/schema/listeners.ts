import * as z from 'zod';

const listenersMax = 1_000_000;

const error = `expected a whole number from 1 to ${listenersMax}`;

/** How many listeners there may be at once. */
export const listeners: z.ZodType<number, string | number> = z
  .union([z.number({ error }).int({ error }), z.string({ error }).regex(/^\d{1,7}$/, { error })], { error })
  .transform(Number)
  .refine((count) => count >= 1 && count <= listenersMax, { error });
