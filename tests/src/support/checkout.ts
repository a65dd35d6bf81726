import { join } from 'node:path';

/** The root of the checkout that the tests run from. */
export const checkout: string = join(import.meta.dirname, '../../..');
