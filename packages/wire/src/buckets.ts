import { leaseMillis } from './limits.ts';

/**
 * The buckets of a fleet, and how many milliseconds a value that is not renewed lives there; 0: for ever. Every process opens
 * those it uses; control prepares all, so that nobody else needs the right to make one.
 */
export const bucketTtlMillis: Readonly<Record<'config' | 'leases' | 'epochs', number>> = { config: 0, leases: leaseMillis, epochs: 0 };
