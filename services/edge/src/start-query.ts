import type { StreamConfiguration } from '@weir/config';
import type { Join, Start } from '@weir/ring';
import { joinBehindMillisMax } from './limits.ts';

/** How a listener wants to start: the stream's configuration, and what the request's query changes. */
export interface StartDemand {
  readonly start: Start;
  readonly join: Join;
}

/**
 * Reads `?header=0|1`, `?intra=0|1` and `?join=live|keyframe|SECONDS`.
 *
 * @throws RangeError that names the parameter and its values
 */
export function readStartQuery(query: URLSearchParams, stream: StreamConfiguration): StartDemand {
  const join = readJoin(query.get('join')) ?? stream.join;
  const intra = readFlag(query, 'intra') ?? join.mode !== 'live';
  return { start: { header: readFlag(query, 'header') ?? true, intra }, join: intra || join.mode !== 'keyframe' ? join : { mode: 'live' } };
}

function readFlag(query: URLSearchParams, name: string): boolean | null {
  const value = query.get(name);
  if (value === null) return null;
  if (value === '0' || value === '1') return value === '1';
  throw new RangeError(`${name} must be 0 or 1`);
}

function readJoin(value: string | null): Join | null {
  if (value === null) return null;
  if (value === 'live' || value === 'keyframe') return { mode: value };
  const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : NaN;
  if (seconds * 1000 <= joinBehindMillisMax) return { mode: 'behind', behindMillis: Math.round(seconds * 1000) };
  throw new RangeError(`join must be live, keyframe, or a number of seconds up to ${joinBehindMillisMax / 1000}`);
}
