import { escapeControls, escapeJson, quoteValue } from './escape.ts';
import { maskFields, maskText } from './mask.ts';
import type { Plain } from './mask.ts';
import type { LogLevel } from './level.ts';

/** What a line says beside its message. Errors become their messages; undefined is left out. */
export type LogFields = Readonly<Record<string, unknown>>;

/** One line before it is written. */
export interface LogEntry {
  readonly level: LogLevel;
  readonly component: string;
  readonly message: string;
  readonly fields: LogFields | undefined;
  /** Unix time. */
  readonly atMillis: number;
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, '0');
}

/** `YYYY-mm-dd hh:mm:ss.sss` in local time. */
export function localTime(atMillis: number): string {
  const at = new Date(atMillis);
  const date = `${digits(at.getFullYear(), 4)}-${digits(at.getMonth() + 1, 2)}-${digits(at.getDate(), 2)}`;
  const time = `${digits(at.getHours(), 2)}:${digits(at.getMinutes(), 2)}:${digits(at.getSeconds(), 2)}`;
  return `${date} ${time}.${digits(at.getMilliseconds(), 3)}`;
}

/**
 * `2026-03-01 12:00:00.000 info  edge: listener gone path=/cam.ts reason="too slow"`: one line for people and grep.
 * Lists and nested fields are written as JSON.
 */
export function textLine(entry: LogEntry): string {
  const message = escapeControls(maskText(entry.message));
  let line = `${localTime(entry.atMillis)} ${entry.level.padEnd(5)} ${escapeControls(entry.component)}: ${message}`;
  if (entry.fields === undefined) return line;
  for (const [name, value] of Object.entries(maskFields(entry.fields))) {
    if (value !== undefined) line += ` ${name.replace(/[^\w.-]/g, '_')}=${textValue(value)}`;
  }
  return line;
}

function textValue(value: Plain): string {
  if (typeof value === 'string') return quoteValue(value);
  return typeof value === 'object' ? escapeJson(JSON.stringify(value)) : String(value);
}

/** One JSON object: `time` (RFC 3339, UTC), `level`, `component`, `message`, then the fields; one named like these gets a `_` at its end. */
export function jsonLine(entry: LogEntry): string {
  const line: Record<string, Plain> = {
    time: new Date(entry.atMillis).toISOString(),
    level: entry.level,
    component: entry.component,
    message: maskText(entry.message),
  };
  for (const [name, value] of Object.entries(maskFields(entry.fields ?? {}))) {
    line[Object.hasOwn(line, name) ? `${name}_` : name] = value;
  }
  return escapeJson(JSON.stringify(line));
}
