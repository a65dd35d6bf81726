import { hashOfToken } from '@weir/config';
import type { ControlOptions } from '@weir/control';
import type { Start } from './lifetime.ts';
import type { Options } from './options.ts';

/** What administrators need of this process. */
export function administrationOf({ adminToken }: Options, { reload }: Start): Pick<ControlOptions, 'tokenHash' | 'reload'> {
  return { tokenHash: adminToken === null ? null : hashOfToken(adminToken), reload };
}
