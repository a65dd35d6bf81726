import { ConfigurationError, configurationSchema, loadConfiguration, renderConfiguration } from '@weir/config';
import type { Configuration } from '@weir/config';
import { CertificateError, ListenError, readCertificate } from '@weir/http';
import { createLogger, Metrics } from '@weir/telemetry';
import { exitCodes } from './exit-codes.ts';
import { Lifetime } from './lifetime.ts';
import type { Start } from './lifetime.ts';
import { readOptions } from './options.ts';
import type { Options } from './options.ts';
import { addReloadMetrics } from './reload-metrics.ts';
import { Reloader } from './reloader.ts';
import type { Apply, ReloaderOptions } from './reloader.ts';
import { usage, UsageError } from './usage.ts';
import { version } from './version.ts';

/** Verbs that print and are done. */
const printers: Readonly<Record<string, (options: Options) => string>> = {
  check: (options) => {
    const { feeds, streams, masters, tls } = loadConfiguration(options.files, process.env).configuration;
    if (tls !== null) readCertificate(tls);
    const mirrored = masters.length === 0 ? '' : `, ${masters.length} masters`;
    return `${options.files.join(', ')}: good; ${Object.keys(feeds).length} feeds, ${Object.keys(streams).length} streams${mirrored}\n`;
  },
  render: (options) => renderConfiguration(loadConfiguration(options.files, process.env).configuration),
  schema: () => `${JSON.stringify(configurationSchema(), null, 2)}\n`,
};

/** Verbs that run until they are stopped. Each loads only what it runs: an edge has no use for encoders. */
const services: Readonly<Record<string, (options: Options, start: () => Start) => Promise<void>>> = {
  up: (options, start) =>
    runReloadable(options, start, { listen: options.listen === null, tls: options.tls === null }, async (configuration, started) => (await import('./up.ts')).up(configuration, options, started, 'stay')),
  serve: async (options, start) => {
    const { serveConfiguration } = await import('./serve-configuration.ts');
    const configuration = serveConfiguration(options);
    const { up } = await import('./up.ts');
    await up(configuration, options, start(), 'exit');
  },
  ingest: async (options, start) => (await import('./run-ingest.ts')).runIngest(options, start()),
  edge: async (options, start) => (await import('./run-edge.ts')).runEdge(options, start()),
  control: (options, start) =>
    runReloadable(options, start, { listen: false, tls: false }, async (configuration, started) => (await import('./run-control.ts')).runControl(configuration, options, started)),
};

/** Loads the configuration, runs what applies it, and keeps it at what the files say. */
async function runReloadable(options: Options, start: () => Start, uses: ReloaderOptions['uses'], run: (configuration: Configuration, started: Start) => Promise<Apply>): Promise<void> {
  const environment = { ...process.env };
  const loaded = loadConfiguration(options.files, environment);
  const started = start();
  const { logger, lifetime, metrics } = started;
  const reloader = new Reloader(loaded, { paths: options.files, environment, logger, uses, onOutcome: addReloadMetrics(metrics) });
  lifetime.onReload(() => reloader.reload());
  lifetime.stopping.signal.addEventListener('abort', () => reloader.close());
  reloader.start(await run(loaded.configuration, { ...started, reload: () => reloader.ask() }), options.watch);
}

/** The log's first line names the program and its version. */
function starter(options: Options): () => Start {
  let started: Start | null = null;
  return () => {
    if (started !== null) return started;
    // What feeds and encoders run inherits the environment, and has no business with it.
    delete process.env['WEIR_ADMIN_TOKEN'];
    const logger = createLogger({ name: 'weir', level: options.logLevel, format: options.logFormat });
    logger.info(`weir ${version}`, { does: options.verb, instance: options.instance, pid: process.pid });
    started = { logger, lifetime: new Lifetime(logger), metrics: new Metrics(version, options.verb), reload: null };
    return started;
  };
}

async function main(argv: readonly string[]): Promise<number | null> {
  // The load tester has options of its own.
  if (argv[0] === 'load') return (await import('./run-load.ts')).runLoadVerb(argv.slice(1));
  const options = readOptions(argv, process.env);
  if (options.version) return print(`weir ${version}\n`);
  if (options.help || options.verb === 'help') return print(usage);
  const printer = printers[options.verb];
  if (printer !== undefined) return print(printer(options));
  if (options.verb === 'status') return (await import('./run-status.ts')).runStatus(options);
  if (options.verb === 'admin') return (await import('./run-admin.ts')).runAdmin(options);
  if (options.verb === 'sign') return print((await import('./run-sign.ts')).signedLink(options, Date.now()));
  if (options.verb === 'plan') return (await import('./run-plan.ts')).runPlan(options);
  const service = services[options.verb];
  if (service === undefined) {
    throw new UsageError(options.verb === '' ? 'what shall weir do?' : `"${options.verb}" is nothing weir does`);
  }
  await service(options, starter(options));
  return null;
}

function print(text: string): number {
  process.stdout.write(text);
  return exitCodes.done;
}

function explainFailure(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`weir: ${error.message}\n\n${usage}`);
    return exitCodes.usage;
  }
  if (error instanceof ConfigurationError) {
    process.stderr.write(`${error.message}\n`);
    return exitCodes.configuration;
  }
  if (error instanceof CertificateError) {
    process.stderr.write(`weir: ${error.message}\n`);
    return exitCodes.configuration;
  }
  const known = error instanceof ListenError || (error instanceof Error && error.name === 'BusError') || error instanceof RangeError;
  process.stderr.write(`weir: ${known ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return exitCodes.failed;
}

// A process that runs services ends by its lifetime; everything else ends here.
try {
  const code = await main(process.argv.slice(2));
  if (code !== null) process.exitCode = code;
} catch (error) {
  process.exit(explainFailure(error));
}
