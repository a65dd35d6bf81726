import { administrationListenersMax, messageBytesMax } from './limits.ts';
import { isCount, parseObject } from './json.ts';
import type { ProducerName } from './stopped.ts';
import { isText } from './text.ts';

/** What an administrator wants of one instance; those who cannot do it say nothing. */
export type AdminRequest =
  /** Of an ingest: kill what runs and start it at once. */
  | ({ readonly wants: 'restart' } & ProducerName)
  /** Of an edge: its listeners in the order of their coming, `limit` at most, after the one with the id `after`; of one stream, or of all. */
  | { readonly wants: 'listeners'; readonly stream: string | null; readonly after: string | null; readonly limit: number }
  /** Of an edge: end one listener. */
  | { readonly wants: 'kick'; readonly id: string }
  /** Of an edge: take no new listeners, and end the others spread over so many seconds; null: over its own drain time. */
  | { readonly wants: 'drain'; readonly seconds: number | null }
  /** Of an edge: take listeners again. */
  | { readonly wants: 'undrain' }
  /** Of any process: log so much, of one component or of all. */
  | { readonly wants: 'log-level'; readonly level: 'error' | 'warn' | 'info' | 'debug'; readonly component: string | null };

/** One listener of an edge. */
export interface ListenerAccount {
  /** Letters, digits and `-_=.`; never given twice in a fleet. Its part before the first dot is the edge, as {@link encodeToken} has it. */
  readonly id: string;
  readonly stream: string;
  readonly address: string;
  readonly userAgent: string;
  /** ISO 8601. */
  readonly since: string;
  readonly bytes: number;
  /** How far it is behind the newest frame, in seconds of the ingest's clock. */
  readonly lagSeconds: number;
  readonly skips: number;
}

/** What comes of a request. */
export type AdminReply =
  /** `says` what was done, for people. */
  | { readonly is: 'done'; readonly says: string }
  /** It is not here (`unknown`), or not in a state for that (`conflict`); `why`, for people. */
  | { readonly is: 'refused'; readonly because: 'unknown' | 'conflict'; readonly why: string }
  /** `more`: there are others after them. */
  | { readonly is: 'listeners'; readonly listeners: readonly ListenerAccount[]; readonly more: boolean };

const version = 1;
const levels = ['error', 'warn', 'info', 'debug'] as const;

/** The request as JSON, with a version. */
export function encodeAdminRequest(request: AdminRequest): Uint8Array {
  return Buffer.from(JSON.stringify({ version, ...request }));
}

/** Null when the bytes are no request, or one of another version: anything may arrive on a shared bus. */
export function decodeAdminRequest(bytes: Uint8Array): AdminRequest | null {
  const value = parseObject(bytes) ?? {};
  const { wants, kind, name, stream, after, limit, id, seconds, component } = value;
  if (value['version'] !== version) return null;
  switch (wants) {
    case 'restart':
      return (kind === 'feed' || kind === 'encoder') && isText(name) ? { wants, kind, name } : null;
    case 'listeners':
      return isTextOrNull(stream) && isTextOrNull(after) && isCount(limit) && limit >= 1 && limit <= administrationListenersMax ? { wants, stream, after, limit } : null;
    case 'kick':
      return isText(id) ? { wants, id } : null;
    case 'drain':
      return seconds === null || isSeconds(seconds) ? { wants, seconds } : null;
    case 'undrain':
      return { wants };
    case 'log-level': {
      const level = levels.find((each) => each === value['level']);
      return level !== undefined && isTextOrNull(component) ? { wants, level, component } : null;
    }
    default:
      return null;
  }
}

/** The reply as JSON, in pieces that the bus carries. */
export function encodeAdminReply(reply: AdminReply): Uint8Array[] {
  const json = Buffer.from(JSON.stringify({ version, ...reply }));
  return Array.from({ length: Math.ceil(json.length / messageBytesMax) }, (_, index) => json.subarray(index * messageBytesMax, (index + 1) * messageBytesMax));
}

/** Null when the messages are no whole reply. */
export function decodeAdminReply(messages: readonly Uint8Array[]): AdminReply | null {
  const value = parseObject(Buffer.concat(messages)) ?? {};
  const { is, says, because, why, listeners, more } = value;
  if (value['version'] !== version) return null;
  if (is === 'done') return isText(says) ? { is, says } : null;
  if (is === 'refused') return (because === 'unknown' || because === 'conflict') && isText(why) ? { is, because, why } : null;
  if (is !== 'listeners' || typeof more !== 'boolean' || !Array.isArray(listeners) || listeners.length > administrationListenersMax) return null;
  const accounts = listeners.map(listenerAccount);
  return accounts.every((account) => account !== null) ? { is, listeners: accounts, more } : null;
}

function listenerAccount(value: unknown): ListenerAccount | null {
  if (typeof value !== 'object' || value === null) return null;
  const { id, stream, address, userAgent, since, bytes, lagSeconds, skips } = value as Record<string, unknown>;
  if (!isText(id) || !isText(stream) || !isText(address) || !isText(userAgent) || !isText(since)) return null;
  return isCount(bytes) && isSeconds(lagSeconds) && isCount(skips) ? { id, stream, address, userAgent, since, bytes, lagSeconds, skips } : null;
}


function isTextOrNull(value: unknown): value is string | null {
  return value === null || isText(value);
}

function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
