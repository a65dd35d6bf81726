import { administrationTextCharactersMax } from './limits.ts';

/** True for a text short enough to be one of an administration message. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= administrationTextCharactersMax;
}
