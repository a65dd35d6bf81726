import type { Writable } from 'node:stream';
import winston from 'winston';
import { levelRanks, Thresholds } from './level.ts';
import type { LogLevel } from './level.ts';
import { jsonLine, textLine } from './log-line.ts';
import type { LogEntry, LogFields } from './log-line.ts';

/** Writes lines for one component. The message is constant text; what varies goes into the fields. */
export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  /** Costs next to nothing while the component's level is above it. */
  debug(message: string, fields?: LogFields): void;
  /** A logger for a part: `relay` of the root is the component `relay`, `socket` of that is `relay.socket`. */
  child(component: string): Logger;
}

/** The logger that a program starts with. */
export interface RootLogger extends Logger {
  /** At once: without a component, for all; with one, for it and its parts, until the next call for all. @throws RangeError for too many */
  setLevel(level: LogLevel, component?: string): void;
}

export interface LoggerOptions {
  /** The component of lines that the root itself writes. */
  readonly name: string;
  readonly level: LogLevel;
  readonly format: 'text' | 'json';
  /** Standard output when left out. Lines it fails to take are lost; the program goes on. */
  readonly write?: Writable;
  /** Unix time in milliseconds; the system's clock when left out. */
  readonly nowMillis?: () => number;
}

/**
 * Starts the log. A line is with the stream when the call returns, so that none is lost to `process.exit`. No line
 * contains a raw control character or what looks like a secret, whatever a client has sent.
 */
export function createLogger(options: LoggerOptions): RootLogger {
  const stream = options.write ?? process.stdout;
  stream.on('error', () => {});
  const lineOf = options.format === 'json' ? jsonLine : textLine;
  const sink = winston.createLogger({
    levels: { ...levelRanks },
    level: 'debug',
    format: winston.format.printf((info) => lineOf(info as unknown as LogEntry)),
    transports: [new winston.transports.Stream({ stream, eol: '\n' })],
  });
  const output: Output = { sink, nowMillis: options.nowMillis ?? Date.now, thresholds: new Thresholds(options.level) };
  return new RootComponentLogger(output, options.name);
}

interface Output {
  readonly sink: winston.Logger;
  readonly nowMillis: () => number;
  readonly thresholds: Thresholds;
}

class ComponentLogger implements Logger {
  protected readonly output: Output;
  readonly #component: string;
  #rank = 0;
  #version = -1;

  constructor(output: Output, component: string) {
    this.output = output;
    this.#component = component;
  }

  error(message: string, fields?: LogFields): void {
    this.#log('error', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#log('warn', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#log('info', message, fields);
  }

  debug(message: string, fields?: LogFields): void {
    this.#log('debug', message, fields);
  }

  child(component: string): Logger {
    return new ComponentLogger(this.output, `${this.#component}.${component}`);
  }

  #log(level: LogLevel, message: string, fields: LogFields | undefined): void {
    const { thresholds, sink, nowMillis } = this.output;
    if (this.#version !== thresholds.version) {
      this.#version = thresholds.version;
      this.#rank = thresholds.rankOf(this.#component);
    }
    if (levelRanks[level] > this.#rank) return;
    sink.log({ level, component: this.#component, message: String(message), fields, atMillis: nowMillis() });
  }
}

class RootComponentLogger extends ComponentLogger implements RootLogger {
  setLevel(level: LogLevel, component?: string): void {
    this.output.thresholds.set(level, component);
  }

  override child(component: string): Logger {
    return new ComponentLogger(this.output, component);
  }
}
