import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { monitoringFolder } from './monitoring-files.ts';

/** An answer of its HTTP API. */
interface Answer<T> {
  readonly status: 'success' | 'error';
  readonly error?: string;
  readonly data: T;
}

interface Configuration {
  readonly global: object;
  readonly scrape_configs: readonly { readonly job_name: string }[];
}

/** A real Prometheus with the configuration and the rules that weir ships, but these targets and no patience. */
export class PrometheusServer {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #url: string;

  private constructor(process: ChildProcess, folder: string, url: string) {
    this.#process = process;
    this.#folder = folder;
    this.#url = url;
  }

  /** @param targets `host:port` */
  static async start(targets: readonly string[]): Promise<PrometheusServer> {
    const folder = await mkdtemp(join(tmpdir(), 'weir-prometheus-'));
    const shipped = parse(await readFile(join(monitoringFolder, 'prometheus.yml'), 'utf8')) as Configuration;
    const [job] = shipped.scrape_configs;
    const configuration = {
      ...shipped,
      global: { scrape_interval: '500ms', scrape_timeout: '500ms', evaluation_interval: '500ms' },
      scrape_configs: [{ job_name: job?.job_name, static_configs: [{ targets }] }],
    };
    await writeFile(join(folder, 'prometheus.yml'), stringify(configuration));
    await copyFile(join(monitoringFolder, 'weir.rules.yml'), join(folder, 'weir.rules.yml'));
    const address = `127.0.0.1:${await freePort()}`;
    const options = [`--config.file=${join(folder, 'prometheus.yml')}`, `--storage.tsdb.path=${join(folder, 'data')}`, `--web.listen-address=${address}`];
    const server = new PrometheusServer(spawn('prometheus', options, { stdio: 'ignore' }), folder, `http://${address}/api/v1`);
    await eventually('Prometheus has read every target twice', async () => {
      const counts = await server.query('min(count_over_time(up[1m])) and (sum(up) == count(up))').catch(() => []);
      return Number(counts[0]?.value[1] ?? 0) >= 3 && (await server.query('count(up)'))[0]?.value[1] === String(targets.length);
    });
    return server;
  }

  /** What an expression gives now. */
  async query(expression: string): Promise<readonly { readonly metric: Readonly<Record<string, string>>; readonly value: readonly [number, string] }[]> {
    const { result } = await this.#ask<{ result: [] }>(`query?query=${encodeURIComponent(expression)}`);
    return result;
  }

  async labelValues(label: string, selector: string): Promise<readonly string[]> {
    return this.#ask(`label/${label}/values?match[]=${encodeURIComponent(selector)}`);
  }

  async rules(): Promise<readonly { readonly name: string; readonly health: string; readonly lastError?: string }[]> {
    const { groups } = await this.#ask<{ groups: readonly { rules: [] }[] }>('rules');
    return groups.flatMap((group) => group.rules);
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await gone;
    await rm(this.#folder, { recursive: true });
  }

  async #ask<T>(what: string): Promise<T> {
    const answer = (await (await fetch(`${this.#url}/${what}`)).json()) as Answer<T>;
    if (answer.status !== 'success') throw new Error(`${what}: ${answer.error}`);
    return answer.data;
  }
}
