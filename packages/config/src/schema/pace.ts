import * as z from 'zod';
import { size } from './size.ts';
import type { Pace } from '../configuration.ts';

/** How fast a file is read, as it is written. */
export const pace: z.ZodType<Pace, string | number> = z
  .union([z.enum(['timestamps', 'none']), size(1024 ** 3, '1GiB')], { error: 'expected timestamps, none or a size for each second such as 16KB' })
  .transform((value): Pace => {
    if (typeof value === 'number') return { by: 'rate', bytesPerSecond: value };
    return { by: value === 'none' ? 'nothing' : 'timestamps' };
  });
