import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../support/checkout.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { fleetConfiguration, makeMedia, password, standaloneConfiguration } from './configuration.ts';
import type { Media } from './configuration.ts';
import { Service } from './service.ts';

/** A weir service that is measured. */
export interface Watched {
  readonly service: Service;
  /** `host:port` of its metrics. */
  readonly health: string;
  /** Its root URL; empty until it listens. */
  url: string;
}

/** A NATS server, control, two ingests, an edge, an edge of two workers, and a standalone weir that the fleet relays and that mirrors it. */
export class Fleet {
  readonly folder: string;
  readonly watched: Watched[] = [];
  /** Root URL of the NATS server's own monitoring. */
  natsMonitor = '';
  readonly media: Media;
  #nats: Service | null = null;
  #natsArguments: readonly string[] = [];
  #natsUrl = '';
  #standaloneListen = '';
  #guests = 0;

  private constructor(folder: string) {
    this.folder = folder;
    this.media = makeMedia(folder);
  }

  /** @throws when a part of it does not start */
  static async start(folder: string): Promise<Fleet> {
    const fleet = new Fleet(folder);
    try {
      await fleet.#startAll();
    } catch (error) {
      await fleet.stop();
      throw error;
    }
    return fleet;
  }

  of(name: string): Watched {
    const found = this.watched.find(({ service }) => service.name === name);
    if (found === undefined) throw new Error(`there is no ${name}`);
    return found;
  }

  urlOf(name: string): string {
    return this.of(name).url;
  }

  /** Writes both configurations, with one more stream each; their services see the change. */
  configure(extra: string | null): void {
    writeFileSync(join(this.folder, 'fleet.yml'), JSON.stringify(fleetConfiguration(this.media, `http://${this.#standaloneListen}`, extra)));
    writeFileSync(join(this.folder, 'standalone.yml'), JSON.stringify(standaloneConfiguration(this.media, this.#standaloneListen, this.urlOf('edge-1'), extra)));
  }

  get natsPid(): number {
    return this.#nats?.pid ?? 0;
  }

  /** A process that joins the fleet under a name that nobody had before. */
  startGuest(): Service {
    const verb = this.#guests++ % 2 === 0 ? 'edge' : 'ingest';
    return Service.weir('guest', this.folder, [verb, '--nats', this.#natsUrl, '--instance', `guest-${this.#guests}`, '--listen', '127.0.0.1:0', '--drain', '1s']);
  }

  async restartNats(): Promise<void> {
    await this.#nats?.stop('SIGKILL');
    this.#startNats();
  }

  async stop(): Promise<void> {
    await Promise.all(this.watched.map(({ service }) => service.stop()));
    await this.#nats?.stop();
  }

  async #startAll(): Promise<void> {
    const [natsPort, monitorPort, standalonePort] = [await freePort(), await freePort(), await freePort()];
    this.#natsArguments = ['-c', join(checkout, 'deploy/nats/nats.conf'), '-sd', join(this.folder, 'nats'), '-a', '127.0.0.1', '-p', String(natsPort), '-m', String(monitorPort)];
    this.#natsUrl = `nats://127.0.0.1:${natsPort}`;
    this.natsMonitor = `http://127.0.0.1:${monitorPort}`;
    this.#standaloneListen = `127.0.0.1:${standalonePort}`;
    this.#startNats();
    writeFileSync(join(this.folder, 'fleet.yml'), JSON.stringify(fleetConfiguration(this.media, `http://${this.#standaloneListen}`, null)));
    await this.#start('control', ['-f', 'fleet.yml']);
    await this.#start('ingest-1', ['--command-logs', 'commands-1']);
    await this.#start('ingest-2', []);
    await this.#start('edge-1', ['--access-log', 'access-1']);
    await this.#start('edge-2', ['--workers', '2', '--access-log', 'access-2']);
    this.configure(null);
    await this.#start('standalone', ['-f', 'standalone.yml', '--access-log', 'access-3', '--command-logs', 'commands-3']);
    for (const name of ['edge-1', 'edge-2']) await eventually(`${name} has its configuration`, async () => (await fetch(`${this.urlOf(name)}/camera.ts`, { method: 'HEAD' })).status === 200, 60_000);
  }

  #startNats(): void {
    this.#nats = Service.program('nats', this.folder, 'nats-server', this.#natsArguments);
  }

  async #start(name: string, argv: readonly string[]): Promise<void> {
    const health = `127.0.0.1:${await freePort()}`;
    const verb = name === 'standalone' ? 'up' : (name.split('-')[0] ?? '');
    const listen = name === 'standalone' ? [] : ['--listen', '127.0.0.1:0', '--nats', this.#natsUrl, '--instance', name];
    const service = Service.weir(name, this.folder, [verb, ...listen, '--health', health, ...argv], { WEIR_ADMIN_TOKEN: password });
    // Known before it listens, so that it is stopped if it never does.
    const watched: Watched = { service, health, url: '' };
    this.watched.push(watched);
    watched.url = await service.url();
  }
}
