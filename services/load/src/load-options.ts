import { parseArgs } from 'node:util';
import { parseDuration } from '@weir/config';
import { churnPerSecondMax, listenersMax } from './limits.ts';
import { LoadUsageError } from './usage.ts';

/** What `weir load` was asked for. */
export interface LoadOptions {
  readonly url: URL;
  readonly listeners: number;
  readonly rampMillis: number;
  /** Counted from the start of the last listener. */
  readonly durationMillis: number;
  /** Null: anything will do, and an answer may not end. */
  readonly expectBytes: number | null;
  /** Null: as fast as it comes. */
  readonly bytesPerSecondMax: number | null;
  readonly slowShare: number;
  readonly stalledShare: number;
  readonly churnPerSecond: number;
  /** Listeners whose bytes are looked into. */
  readonly checked: number;
  readonly from: readonly string[];
  readonly allowRemote: boolean;
  /** An https server may show any certificate. */
  readonly insecure: boolean;
  readonly json: boolean;
}

/**
 * Reads what follows `weir load`.
 *
 * @returns null when help is wanted
 * @throws LoadUsageError
 */
export function readLoadOptions(argv: readonly string[]): LoadOptions | null {
  const { values, positionals } = parse(argv);
  if (values.help === true) return null;
  const [url, ...more] = positionals;
  if (url === undefined || more.length > 0) throw new LoadUsageError('one URL is wanted; weir load --help tells the options');
  const listeners = count('--listeners', values.listeners ?? '100', 1, listenersMax);
  const slowShare = share('--slow', values.slow ?? '0');
  const stalledShare = share('--stalled', values.stalled ?? '0');
  if (slowShare + stalledShare > 1) throw new LoadUsageError('--slow and --stalled: together they are more than all listeners');
  if (slowShare > 0 && Math.round(listeners * slowShare) + Math.round(listeners * stalledShare) >= listeners) {
    throw new LoadUsageError('--slow: half the speed of the others needs others; leave some listeners that are neither slow nor stalled');
  }
  return {
    url: httpUrl(url),
    listeners,
    rampMillis: values.ramp === undefined ? listeners : time('--ramp', values.ramp),
    durationMillis: time('--duration', values.duration ?? '30s'),
    expectBytes: values['expect-bytes'] === undefined ? null : size('--expect-bytes', values['expect-bytes']),
    bytesPerSecondMax: values.rate === undefined ? null : size('--rate', values.rate),
    slowShare,
    stalledShare,
    churnPerSecond: count('--churn', values.churn ?? '0', 0, churnPerSecondMax),
    checked: count('--check', values.check ?? '100', 0, listenersMax),
    from: values.from ?? [],
    allowRemote: values['allow-remote'] ?? false,
    insecure: values.insecure ?? false,
    json: values.json ?? false,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        listeners: { type: 'string' },
        ramp: { type: 'string' },
        duration: { type: 'string' },
        'expect-bytes': { type: 'string' },
        rate: { type: 'string' },
        slow: { type: 'string' },
        stalled: { type: 'string' },
        churn: { type: 'string' },
        check: { type: 'string' },
        from: { type: 'string', multiple: true },
        'allow-remote': { type: 'boolean' },
        insecure: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new LoadUsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function httpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) throw new LoadUsageError(`${text}: expected a URL that begins with http:// or https://`);
  return url;
}

function count(option: string, text: string, min: number, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) throw new LoadUsageError(`${option} ${text}: expected a whole number from ${min} to ${max}`);
  return value;
}

function share(option: string, text: string): number {
  const value = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= 1)) throw new LoadUsageError(`${option} ${text}: expected a share from 0 to 1, such as 0.1`);
  return value;
}

function time(option: string, text: string): number {
  const millis = parseDuration(text);
  if (millis === null || millis > 86_400_000) throw new LoadUsageError(`${option} ${text}: expected a time such as 500ms, 20s, 2m, at most 24h, or a number of seconds`);
  return millis;
}

const bytesPerUnit: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 1000, mb: 1000 ** 2, gb: 1000 ** 3, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3 };

function size(option: string, text: string): number {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(text) ?? [];
  const bytes = Math.round(Number(digits) * (bytesPerUnit[unit.toLowerCase()] ?? Number.NaN));
  if (!Number.isSafeInteger(bytes) || bytes < 1) throw new LoadUsageError(`${option} ${text}: expected a size of at least 1, such as 65536, 64KiB, 1MB`);
  return bytes;
}
