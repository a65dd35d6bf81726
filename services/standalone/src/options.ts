import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import type { NatsAccess } from '@weir/bus';
import { configurationKeyBytesMin, parseDuration, tokenFrom } from '@weir/config';
import type { TlsConfiguration } from '@weir/config';
import { UsageError } from './usage.ts';

/** Where the fleet's status page is when nothing else is said: beside an edge's address. */
export const controlListenDefault: string = '127.0.0.1:8091';

/** Seconds over which an edge that stops, or is drained, sends its listeners elsewhere. */
export const drainSecondsDefault = 10;

/** Hours that listeners may be ended over: Node's timers fire at once beyond 596. Hours that a signed link may be good for: ten years. */
const drainHoursMax = 500;
const linkHoursMax = 87_600;

/** It is told to all other edges each second. */
const poolCharsMax = 200;

/** The command line and the environment, read once. */
export interface Options {
  readonly verb: string;
  /** What follows the verb and its options. */
  readonly words: readonly string[];
  /** What follows `--`. */
  readonly command: readonly string[];
  readonly files: readonly string[];
  readonly listen: string | null;
  /** For HTTPS there; null: plain HTTP, or what the configuration says. */
  readonly tls: TlsConfiguration | null;
  /** Where sources that speak SHOUTcast 1 come to; null: nowhere. */
  readonly shoutcast: string | null;
  readonly nats: readonly string[];
  readonly natsAccess: NatsAccess;
  /** What the fleet's configuration is signed and checked with; null: it is not. */
  readonly configurationKey: Uint8Array | null;
  readonly instance: string;
  /** What feeds may be pinned to, of an ingest. */
  readonly labels: readonly string[];
  /** What an ingest decodes pictures with: a path, or a name that is looked up in PATH. */
  readonly ffmpeg: string;
  readonly prefix: string;
  readonly format: string | null;
  readonly active: string | null;
  readonly onEnd: string | null;
  /** Which load balancer an edge stands behind, where a fleet has several; empty: there is one. */
  readonly pool: string;
  /** Processes of an edge; `auto`: one a core. */
  readonly workers: number | 'auto';
  /** Which of them this process is, counted from 1; set by the main process, null in it. */
  readonly worker: number | null;
  /** Null: what the verb has for a default. */
  readonly drainSeconds: number | null;
  /** Whether a change of the configuration files is noticed without a signal. */
  readonly watch: boolean;
  /** plan, status, admin: where what runs can be asked; null: where it usually is. */
  readonly url: string | null;
  /** plan, status, admin: JSON instead of a table. */
  readonly json: boolean;
  /** status: again and again. */
  readonly repeats: boolean;
  /** admin: the file that holds the token; null: the environment's. */
  readonly tokenFile: string | null;
  /** sign: the file whose first key signs; null: none was named. */
  readonly keyFile: string | null;
  /** sign: seconds from now until the link opens nothing any more, and until who listens by it is ended. */
  readonly expiresSeconds: number | null;
  readonly untilSeconds: number | null;
  /** sign: the address or network that the link is for; null: anybody's. */
  readonly address: string | null;
  /** Where `/healthz`, `/readyz` and `/metrics` are answered; null: nowhere. */
  readonly health: string | null;
  /** The file of lines about listeners, in place of the log; null: none. */
  readonly accessLog: string | null;
  /** The folder of what commands write to their standard error, a file for each; null: none. */
  readonly commandLogs: string | null;
  /** What administrators show, in place of the configuration's; null: that one. */
  readonly adminToken: string | null;
  readonly logLevel: 'error' | 'warn' | 'info' | 'debug';
  readonly logFormat: 'text' | 'json';
  readonly help: boolean;
  readonly version: boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const levels = ['error', 'warn', 'info', 'debug'] as const;
const formats = ['text', 'json'] as const;

/** @throws UsageError */
export function readOptions(argv: readonly string[], environment: Environment): Options {
  const divide = argv.indexOf('--');
  const own = divide < 0 ? argv : argv.slice(0, divide);
  const { values, positionals } = parse(own);
  return {
    verb: positionals[0] ?? '',
    words: positionals.slice(1),
    command: divide < 0 ? [] : argv.slice(divide + 1),
    files: values.file ?? [environment['WEIR_CONFIG'] ?? '/etc/weir/weir.yml'],
    listen: values.listen ?? environment['WEIR_LISTEN'] ?? null,
    tls: tls(values['tls-cert'] ?? environment['WEIR_TLS_CERT'] ?? '', values['tls-key'] ?? environment['WEIR_TLS_KEY'] ?? ''),
    shoutcast: values.shoutcast ?? environment['WEIR_SHOUTCAST'] ?? null,
    nats: values.nats ?? (environment['WEIR_NATS'] ?? 'nats://127.0.0.1:4222').split(','),
    natsAccess: {
      caFile: values['nats-ca'] ?? environment['WEIR_NATS_CA'] ?? null,
      certFile: values['nats-cert'] ?? environment['WEIR_NATS_CERT'] ?? null,
      keyFile: values['nats-key'] ?? environment['WEIR_NATS_KEY'] ?? null,
      credsFile: values['nats-creds'] ?? environment['WEIR_NATS_CREDS'] ?? null,
      domain: values['nats-domain'] ?? environment['WEIR_NATS_DOMAIN'] ?? null,
    },
    configurationKey: configurationKey(values['config-key-file'], environment['WEIR_CONFIG_KEY']),
    instance: values.instance ?? environment['WEIR_INSTANCE'] ?? `${hostname()}-${process.pid}`,
    labels: labels(values.labels ?? environment['WEIR_LABELS'] ?? ''),
    ffmpeg: values.ffmpeg ?? environment['WEIR_FFMPEG'] ?? 'ffmpeg',
    prefix: values.prefix ?? environment['WEIR_PREFIX'] ?? 'weir',
    format: values.format ?? null,
    active: values.active ?? null,
    onEnd: values['on-end'] ?? null,
    pool: pool(values.pool ?? environment['WEIR_POOL'] ?? ''),
    workers: workers(values.workers ?? environment['WEIR_WORKERS'] ?? '1'),
    worker: environment['WEIR_WORKER'] === undefined ? null : Number(environment['WEIR_WORKER']),
    drainSeconds: seconds('--drain', values.drain ?? environment['WEIR_DRAIN'], drainHoursMax),
    watch: !(values['no-watch'] ?? false),
    url: values.url ?? null,
    json: values.json ?? false,
    repeats: values.watch ?? false,
    tokenFile: values['token-file'] ?? null,
    keyFile: values['key-file'] ?? null,
    expiresSeconds: seconds('--expires', values.expires, linkHoursMax),
    untilSeconds: seconds('--until', values.until, linkHoursMax),
    address: values.address ?? null,
    health: values.health ?? environment['WEIR_HEALTH'] ?? null,
    accessLog: values['access-log'] ?? environment['WEIR_ACCESS_LOG'] ?? null,
    commandLogs: values['command-logs'] ?? environment['WEIR_COMMAND_LOGS'] ?? null,
    adminToken: tokenFrom(environment),
    logLevel: oneOf('--log-level', values['log-level'] ?? environment['WEIR_LOG_LEVEL'] ?? 'info', levels),
    logFormat: oneOf('--log-format', values['log-format'] ?? environment['WEIR_LOG_FORMAT'] ?? 'text', formats),
    help: values.help ?? false,
    version: values.version ?? false,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        file: { type: 'string', short: 'f', multiple: true },
        listen: { type: 'string', short: 'l' },
        'tls-cert': { type: 'string' },
        'tls-key': { type: 'string' },
        shoutcast: { type: 'string' },
        nats: { type: 'string', multiple: true },
        'nats-ca': { type: 'string' },
        'nats-cert': { type: 'string' },
        'nats-key': { type: 'string' },
        'nats-creds': { type: 'string' },
        'nats-domain': { type: 'string' },
        'config-key-file': { type: 'string' },
        instance: { type: 'string' },
        labels: { type: 'string' },
        ffmpeg: { type: 'string' },
        prefix: { type: 'string' },
        format: { type: 'string' },
        active: { type: 'string' },
        'on-end': { type: 'string' },
        pool: { type: 'string' },
        workers: { type: 'string' },
        drain: { type: 'string' },
        'no-watch': { type: 'boolean' },
        url: { type: 'string' },
        json: { type: 'boolean' },
        watch: { type: 'boolean' },
        'token-file': { type: 'string' },
        'key-file': { type: 'string' },
        expires: { type: 'string' },
        until: { type: 'string' },
        address: { type: 'string' },
        health: { type: 'string' },
        'access-log': { type: 'string' },
        'command-logs': { type: 'string' },
        'log-level': { type: 'string' },
        'log-format': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'V' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Empty: not given, as with the environment of containers. */
function tls(certFile: string, keyFile: string): TlsConfiguration | null {
  if (certFile === '' && keyFile === '') return null;
  if (certFile !== '' && keyFile !== '') return { certFile, keyFile };
  const [given, missing] = certFile === '' ? ['--tls-key', '--tls-cert'] : ['--tls-cert', '--tls-key'];
  throw new UsageError(`${given} without ${missing}: a certificate and its key go together`);
}

function labels(value: string): readonly string[] {
  return value.split(',').map((label) => label.trim()).filter((label) => label !== '');
}

function pool(name: string): string {
  if (name.length <= poolCharsMax) return name;
  throw new UsageError(`--pool: a name of ${name.length} characters, at most ${poolCharsMax} are allowed`);
}

/** The key's own text is never part of a message. */
function configurationKey(file: string | undefined, value: string | undefined): Uint8Array | null {
  const text = file === undefined ? value : readKey(file);
  if (text === undefined) return null;
  const key = Buffer.from(text.trim());
  if (key.length >= configurationKeyBytesMin) return key;
  const name = file === undefined ? 'WEIR_CONFIG_KEY' : `--config-key-file ${file}`;
  throw new UsageError(`${name}: the key has ${key.length} bytes, it needs at least ${configurationKeyBytesMin}: openssl rand -hex 32 makes one`);
}

function readKey(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError(`--config-key-file ${file}: cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function workers(value: string): number | 'auto' {
  if (value === 'auto') return value;
  const count = Number(value);
  if (Number.isInteger(count) && count >= 1 && count <= 256) return count;
  throw new UsageError(`--workers ${value}: expected auto or a number from 1 to 256`);
}

function seconds(option: string, value: string | undefined, hoursMax: number): number | null {
  if (value === undefined) return null;
  const millis = parseDuration(value);
  if (millis === null) throw new UsageError(`${option} ${value}: expected a duration such as 30s or 2m`);
  if (millis > hoursMax * 3_600_000) throw new UsageError(`${option} ${value}: expected at most ${hoursMax}h`);
  return millis / 1000;
}

function oneOf<const T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new UsageError(`${option} ${value}: expected ${allowed.join(', ')}`);
  return found;
}
