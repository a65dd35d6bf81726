import { connectNats, withoutCredentials } from '@weir/bus';
import type { Bus } from '@weir/bus';
import { watchConfiguration } from '@weir/config';
import type { Configuration } from '@weir/config';
import type { Metrics } from '@weir/telemetry';
import { Subjects } from '@weir/wire';
import { addBusMetrics } from './bus-metrics.ts';
import { openHealth } from './health.ts';
import type { Readiness } from './health.ts';
import type { Start } from './lifetime.ts';
import { answerLogLevel } from './log-level.ts';
import type { Options } from './options.ts';
import { reportCallbackFaults } from './report.ts';
import { version } from './version.ts';

/** What a process of a fleet has from the start. */
export interface FleetMember {
  readonly instance: string;
  readonly version: string;
  readonly bus: Bus;
  readonly subjects: Subjects;
  readonly metrics: Metrics;
  /** To be told by what runs here, once it does. */
  readonly readiness: Readiness;
}

const withoutJetStream =
  'this NATS server has no JetStream: ownership of feeds is agreed upon among the ingests that hear each other, which makes each start 250 ms later, ' +
  'and the configuration is kept by the running processes alone, so one that starts while no other has it waits for weir control. ' +
  'Start it with `nats-server -js` to have both kept, and then restart all of weir';

const denied = {
  publish: 'NATS does not let this user publish to a subject that this role needs: allow it, as deploy/nats/permissions.conf does',
  subscribe: 'NATS does not let this user subscribe to a subject that this role needs: allow it, as deploy/nats/permissions.conf does, and restart this process',
  connect: 'NATS does not let this user in: what runs goes on, and NATS is tried again all the time; correct the user, the password or the credentials',
};

/** Connects to the fleet's NATS, and waits for it as long as it takes. */
export async function joinFleet(role: string, options: Options, start: Start): Promise<FleetMember> {
  const { logger, lifetime, metrics } = start;
  const { instance, nats, natsAccess } = options;
  const subjects = new Subjects(options.prefix);
  const servers = nats.map((server) => server.trim());
  const shown = servers.map((server) => withoutCredentials(server)).join(',');
  let connected: Bus | null = null;
  const busMetrics = addBusMetrics(metrics, () => connected);
  const readiness: Readiness = { notReady: () => 'waiting for NATS' };
  // Being alive does not depend on NATS, so the health port is there before it. A worker's main process has the port.
  if (options.worker === null) await openHealth(options, start, readiness);
  const bus = await connectNats({
    servers,
    access: natsAccess,
    role,
    instance,
    onCallbackError: reportCallbackFaults(logger),
    onWaiting: (reason) => logger.warn('waiting for NATS', { servers: shown, reason }),
    onRoundTrip: (channel, seconds) => busMetrics.roundTrip(channel, seconds),
    onWithoutKeyValue: () => logger.warn(withoutJetStream, { servers: shown }),
    onDenied: (operation, subject) => logger.error(denied[operation], { role, subject }),
    signal: lifetime.stopping.signal,
  });
  connected = bus;
  logger.info('connected to NATS', { servers: bus.description });
  bus.onConnection((connected) => {
    if (!connected) {
      logger.warn('NATS is gone: what runs goes on, and NATS is tried again all the time');
      return;
    }
    busMetrics.reconnected();
    logger.info('connected to NATS again');
  });
  answerLogLevel(bus, subjects, instance, logger);
  lifetime.onStop(() => bus.close());
  return { instance, version, bus, subjects, metrics, readiness };
}

/** Applies the configuration that control publishes, now and whenever it changes. */
export async function followConfiguration(
  member: FleetMember,
  options: Options,
  { logger, lifetime }: Start,
  apply: (configuration: Configuration) => void,
): Promise<void> {
  const bucket = await member.bus.bucket(member.subjects.bucket('config'), { ttlMillis: 0, madeElsewhere: true });
  const watch = watchConfiguration(bucket, options.configurationKey, (configuration) => {
    if (configuration === null) {
      logger.warn('no configuration yet: waiting for weir control');
      return;
    }
    logger.info('configuration', { feeds: Object.keys(configuration.feeds).length, streams: Object.keys(configuration.streams).length });
    apply(configuration);
  });
  lifetime.onStop(() => {
    watch.unsubscribe();
    return Promise.resolve();
  });
}
