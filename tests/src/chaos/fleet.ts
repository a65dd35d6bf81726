import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FormatName } from '@weir/media';
import { findMarked } from '../runner/leftovers.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { Line } from '../support/line.ts';
import { NatsCluster } from '../support/nats-cluster.ts';
import { newMark } from '../support/test-camera.ts';
import type { Content } from './content.ts';
import { Service } from './service.ts';
import { mountSmallDisk, unmount } from './small-disk.ts';

/** How large a fleet is. */
export interface FleetOptions {
  /** For its configuration and its logs. */
  readonly folder: string;
  readonly contents: readonly Content[];
  readonly edges: number;
  /** The adts stream, which a real ffmpeg makes of the mp3 one. */
  readonly transcodes: boolean;
  /** From 0 to 1, of the run's seed. */
  readonly random: () => number;
}

/** A stream of the fleet. */
export interface FleetStream {
  readonly path: string;
  readonly format: FormatName;
  readonly keysFile: string | null;
}

/** A feed or an encoder, as control sees it. */
export interface Producer {
  readonly name: string;
  readonly mood: string;
  readonly owner: string;
  readonly pid: number | null;
}

/** Bits a second of the stream that fills the buffers between NATS and an edge within seconds. */
const heavyBitsPerSecond = 24_000_000;

const environmentName = 'WEIR_CHAOS_RUN';

/** Real services over a real cluster of NATS, and what may be done to them. */
export class Fleet {
  readonly nats: NatsCluster;
  readonly ingests: readonly Service[];
  readonly edges: readonly Service[];
  readonly edgeUrls: readonly string[];
  readonly control: Service;
  readonly controlUrl: string;
  readonly streams: readonly FleetStream[];
  readonly logFolder: string;
  readonly random: () => number;
  readonly #configuration: Configuration;
  readonly #mark: string;

  private constructor(parts: Parts, random: () => number) {
    this.nats = parts.nats;
    this.ingests = parts.ingests;
    this.edges = parts.edges;
    this.edgeUrls = parts.edgeUrls;
    this.control = parts.control;
    this.controlUrl = parts.controlUrl;
    this.streams = parts.streams;
    this.logFolder = parts.logFolder;
    this.#configuration = parts.configuration;
    this.#mark = parts.mark;
    this.random = random;
  }

  static async start(options: FleetOptions): Promise<Fleet> {
    const { folder, random } = options;
    const mark = newMark();
    const environment = { [environmentName]: mark };
    const logFolder = join(folder, 'logs');
    mkdirSync(logFolder, { recursive: true });
    mountSmallDisk(logFolder);
    const configuration = new Configuration(join(folder, 'weir.yml'), options);
    await configuration.write();
    const nats = await NatsCluster.start();
    const start = async (role: 'ingest' | 'edge', name: string, argv: readonly string[]): Promise<Service> => {
      const lines: Line[] = [];
      for (const { port } of nats.nodes) lines.push(new Line(await freePort(), port));
      const servers = lines.flatMap(({ port }) => ['--nats', `nats://127.0.0.1:${port}`]);
      return new Service({ role, name, lines, environment, argv: [role, '--instance', name, ...servers, ...argv] });
    };
    const controlUrl = `http://127.0.0.1:${await freePort()}`;
    const servers = nats.nodes.flatMap(({ url }) => ['--nats', url]);
    const control = new Service({ role: 'control', name: 'control', lines: [], environment, argv: ['control', '--instance', 'control', ...servers, '-f', configuration.file, '--listen', controlUrl.slice(7)] });
    const ingests: Service[] = [];
    for (const name of ['ingest-1', 'ingest-2']) ingests.push(await start('ingest', name, ['--command-logs', join(logFolder, name)]));
    const [edges, edgeUrls]: [Service[], string[]] = [[], []];
    for (let number = 1; number <= options.edges; number++) {
      const address = `127.0.0.1:${await freePort()}`;
      edgeUrls.push(`http://${address}`);
      edges.push(await start('edge', `edge-${number}`, ['--listen', address, '--drain', '5s', '--access-log', join(logFolder, `edge-${number}.log`)]));
    }
    const fleet = new Fleet({ nats, ingests, edges, edgeUrls, control, controlUrl, streams: configuration.streams, logFolder, configuration, mark }, random);
    try {
      await Promise.all(fleet.services.map((service) => service.ready()));
    } catch (error) {
      const said = fleet.services.map(({ name, output }) => `=== ${name}\n${output.slice(-2000)}`);
      await fleet.close();
      throw new Error(`the fleet did not start:\n${said.join('\n')}`, { cause: error });
    }
    return fleet;
  }

  get services(): readonly Service[] {
    return [...this.ingests, ...this.edges, this.control];
  }

  /** Feeds and encoders that run. */
  async producers(): Promise<{ readonly feeds: readonly Producer[]; readonly encoders: readonly Producer[] }> {
    const response = await fetch(`${this.controlUrl}/stat.json`, { signal: AbortSignal.timeout(5000) });
    const { feeds, encoders } = (await response.json()) as { feeds: readonly Producer[]; encoders: readonly Producer[] };
    return { feeds: feeds.filter(({ pid }) => pid !== null), encoders: encoders.filter(({ pid }) => pid !== null) };
  }

  /** The ingests, the one that runs most first. */
  async ingestsByWork(): Promise<readonly Service[]> {
    const { feeds } = await this.producers();
    const owned = ({ name }: Service): number => feeds.filter(({ owner }) => owner === name).length;
    return [...this.ingests].sort((a, b) => owned(b) - owned(a));
  }

  /** Some edge, by its number. */
  anyEdge(): number {
    return Math.floor(this.random() * this.edges.length);
  }

  /** Programs that run and should not: those of no feed or encoder, and those that run twice. */
  leftovers(): readonly string[] {
    const own = new Set(this.services.map(({ pid }) => pid));
    const commands = findMarked(`${environmentName}=${this.#mark}`).filter(({ pid }) => !own.has(pid)).map(({ command }) => command);
    return commands.filter((command, index) => commands.indexOf(command) !== index || command.includes('stamper'));
  }

  /** All programs of feeds and encoders. */
  commands(): readonly string[] {
    const own = new Set(this.services.map(({ pid }) => pid));
    return findMarked(`${environmentName}=${this.#mark}`).filter(({ pid }) => !own.has(pid)).map(({ command }) => command);
  }

  /** Publishes another configuration, and resolves when all edges have it. */
  async changeConfiguration(): Promise<void> {
    const path = await this.#configuration.addProbe();
    for (const [index, url] of this.edgeUrls.entries()) {
      await eventually(`${this.edges[index]?.name} has the newest configuration`, () => fetch(`${url}${path}`, { method: 'HEAD', signal: AbortSignal.timeout(5000) }).then(({ status }) => status === 200, () => false), 60_000);
    }
  }

  /** Takes back what a scenario that failed may have left: stopped and ended services, lines that are down. */
  async mend(): Promise<void> {
    for (const service of this.services) {
      service.signal('SIGCONT');
      for (const line of service.lines) line.mend();
      if (!service.running) await service.start();
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.services.map(async (service) => {
      service.signal('SIGCONT');
      if (service.running) await service.end();
    }));
    for (const service of this.services) for (const line of service.lines) line.close();
    await this.nats.stop();
    unmount(this.logFolder);
  }
}

interface Parts extends Pick<Fleet, 'nats' | 'ingests' | 'edges' | 'edgeUrls' | 'control' | 'controlUrl' | 'streams' | 'logFolder'> {
  readonly configuration: Configuration;
  readonly mark: string;
}

/** The fleet's configuration file. */
class Configuration {
  readonly file: string;
  readonly streams: readonly FleetStream[];
  readonly #feeds: Readonly<Record<string, object>>;
  readonly #streams: Record<string, object>;
  #probes = 0;

  constructor(file: string, { contents, transcodes }: FleetOptions) {
    this.file = file;
    const program = (name: string): string => join(import.meta.dirname, name);
    const ts = contents.find(({ name }) => name === 'ts');
    this.#feeds = {
      ...Object.fromEntries(contents.map(({ name, format, file: media, indexFile, seconds }) => [name, { format, command: [process.execPath, program('live-source.js'), media, indexFile, String(seconds)] }])),
      ...(ts === undefined ? {} : { heavy: { command: [process.execPath, program('../support/programs/stamper.js'), ts.file, String(heavyBitsPerSecond), '50'] } }),
    };
    const encode = 'ffmpeg -nostdin -v error -f mp3 -probesize 4096 -analyzeduration 0 -i {in} -c:a aac -b:a 48k -flush_packets 1 -f adts {out}';
    this.#streams = {
      // An encoder that changes nothing, so that what comes of it is known.
      ...Object.fromEntries(contents.map(({ name }) => [name, { feed: name, path: `/${name}`, ...(name === 'mp3' ? { encode: 'cat', format: 'mp3' } : {}) }])),
      ...(transcodes ? { adts: { feed: 'mp3', path: '/adts', encode } } : {}),
      ...(ts === undefined ? {} : { heavy: { feed: 'heavy', path: '/heavy' } }),
    };
    const known = contents.map(({ name, format, keysFile }) => ({ path: `/${name}`, format, keysFile }));
    this.streams = transcodes ? [...known, { path: '/adts', format: 'adts', keysFile: null }] : known;
  }

  async write(): Promise<void> {
    await writeFile(this.file, JSON.stringify({ feeds: this.#feeds, streams: this.#streams }, null, 1));
  }

  /** One more stream; gives its path. */
  async addProbe(): Promise<string> {
    const path = `/probe-${++this.#probes}`;
    this.#streams['probe'] = { feed: 'mp3', path };
    await this.write();
    return path;
  }
}
