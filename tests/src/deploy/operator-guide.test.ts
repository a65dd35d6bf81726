import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse } from 'yaml';
import { checkout } from '../support/checkout.ts';
import { freePort } from '../support/free-port.ts';
import { runWeir, Weir } from '../support/weir.ts';
import { rules } from './monitoring-files.ts';

const guide = readFileSync(join(checkout, 'deploy/README.md'), 'utf8');
const headings = [...guide.matchAll(/^#{2,3} (.+)$/gm)].map(([, heading = '']) => heading);
const anchors = headings.map((heading) => heading.toLowerCase().replaceAll(/[^\w -]/g, '').replaceAll(' ', '-'));
const commands = [...guide.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = '']) => block.trim().split('\n'));

interface Compose {
  readonly services: Readonly<Record<string, { readonly ports?: readonly string[]; readonly volumes?: readonly string[]; readonly networks?: unknown; readonly environment?: Readonly<Record<string, string>> }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const compose = (path: string): Compose => parse(readFileSync(join(checkout, path), 'utf8'), { merge: true }) as Compose;

/** The words after each occurrence of an option. */
const valuesOf = (words: readonly string[], option: string): readonly string[] => words.flatMap((word, index) => (word === option ? (words[index + 1] ?? '') : []));

/** Files of the repository are there; what stands in capitals or is called weir.yml is the reader's. */
function hasFile(path: string): boolean {
  return path === 'weir.yml' || existsSync(join(checkout, path));
}

describe('the operator guide', () => {
  let weir: Weir;
  let health: string;
  let url: string;
  let scratch: string;
  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'weir-guide-'));
    health = `127.0.0.1:${await freePort()}`;
    weir = new Weir(['up', '-f', join(checkout, 'deploy/examples/demo.yml'), '--listen', '127.0.0.1:0', '--health', health]);
    url = new URL(await weir.url()).host;
  });
  after(async () => {
    await weir.stop('SIGKILL');
    await rm(scratch, { recursive: true });
  });

  const run = (program: string, words: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync(program, words, { cwd: checkout, encoding: 'utf8' });
    assert.equal(status, 0, `${program} ${words.join(' ')}: ${stderr}`);
    return stdout;
  };

  /** By a command's first words: what must hold for it to be right, short of a cluster. */
  const checks: Readonly<Record<string, (words: readonly string[]) => void | Promise<void>>> = {
    'npx weir': async ([, verb = '', ...words]) => {
      const { output } = await runWeir(verb === 'load' ? ['load', '--help'] : ['--help']);
      assert.match(output, new RegExp(`^  weir ${verb}\\b`, 'm'));
      for (const option of words.filter((word) => word.startsWith('-'))) assert.match(output, new RegExp(`^ +(-\\w, )?${option} |^  ${option},`, 'm'), option);
      for (const file of [...valuesOf(words, '-f'), ...valuesOf(words, '--file')]) assert.ok(hasFile(file), file);
    },
    // The defaults' addresses stand for those of the process that runs here.
    curl: (words) => {
      const [page = ''] = words.filter((word) => word.startsWith('http://'));
      run('curl', ['--fail', ...words.filter((word) => word !== page), page.replace('127.0.0.1:9090', health).replace(/127\.0\.0\.1:809[01]/, url)]);
    },
    promtool: (words) => void run('promtool', words),
    'nats-server': (words) => void run('nats-server', [...words.map((word) => (word === './nats-store' ? scratch : word)), '-t']),
    'docker-compose': (words) => {
      const files = valuesOf(words, '-f');
      assert.notEqual(files.length, 0);
      const services = files.flatMap((file) => Object.keys(compose(file).services));
      for (const scaled of valuesOf(words, '--scale')) assert.ok(services.includes(scaled.split('=')[0] ?? ''), scaled);
      assert.deepEqual(words.filter((word) => word.startsWith('-') && !['-f', '-d', '--build', '--scale'].includes(word)), []);
    },
    helm: ([verb, install, , folder = '', ...words]) => {
      assert.deepEqual([verb, install], ['upgrade', '--install']);
      const values: unknown = parse(readFileSync(join(checkout, folder, 'values.yaml'), 'utf8'));
      for (const setting of valuesOf(words, '--set')) {
        const found = (setting.split('=')[0] ?? '').split('.').reduce<unknown>((tree, key) => (tree as Readonly<Record<string, unknown>> | undefined)?.[key], values);
        assert.notEqual(found, undefined, setting);
      }
    },
    kubectl: (words) => assert.match(words.join(' '), /^rollout status deployment\/weir-(edge|ingest|control)$/),
    kill: (words) => assert.match(words.join(' '), /^-(USR1|TERM|HUP) PID$/),
  };

  it('has commands', () => assert.ok(commands.length > 10));
  for (const command of new Set(commands)) {
    it(`is right about: ${command}`, async () => {
      const words = command.split(' ');
      const [name = ''] = Object.keys(checks).filter((each) => command.startsWith(`${each} `));
      const check = checks[name];
      assert.ok(check !== undefined, 'nothing here knows how to check it');
      await check(words.slice(1));
    });
  }

  it('has a section for each alert, where its runbook_url leads, and none for another', () => {
    const alerts = rules.filter(({ alert }) => alert !== undefined);
    assert.deepEqual(headings.filter((heading) => heading.startsWith('Weir')), alerts.map(({ alert }) => alert));
    for (const { alert, annotations, labels } of alerts) {
      assert.equal(annotations?.['runbook_url'], `deploy/README.md#${alert?.toLowerCase()}`);
      assert.ok(annotations['summary'] !== undefined && annotations['description'] !== undefined, alert);
      assert.match(labels?.['severity'] ?? '', /^(critical|warning)$/);
    }
  });

  it('links to what is there', () => {
    const links = [...guide.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link).filter((link) => !link.startsWith('https://'));
    assert.ok(links.length > 20);
    for (const link of links) {
      const [path = '', anchor = ''] = link.split('#');
      if (path === '') assert.ok(anchors.includes(anchor), link);
      else assert.ok(existsSync(join(checkout, 'deploy', path)), link);
    }
  });

  it('names options of helm and keys of the configuration that there are', () => {
    const values: unknown = parse(readFileSync(join(checkout, 'helm/weir/values.yaml'), 'utf8'));
    const reference = readFileSync(join(checkout, 'deploy/examples/reference.yml'), 'utf8');
    for (const [, path = ''] of guide.matchAll(/`((?:edge|nats|metrics|networkPolicy|externalNats)\.[\w.]+)`/g)) {
      const keys = path.split('.');
      const inChart = keys.reduce<unknown>((tree, key) => (tree as Readonly<Record<string, unknown>> | undefined)?.[key], values) !== undefined;
      assert.ok(inChart || keys.slice(1).every((key) => new RegExp(`^ +${key}:`, 'm').test(reference)) || path === 'nats.config.cluster.enabled', path);
    }
  });
});

describe('compose.monitoring.yaml', () => {
  const overlay = compose('deploy/compose.monitoring.yaml');
  const fleet = compose('deploy/compose.yaml');

  it('adds to the fleet without changing it, on this machine alone', () => {
    assert.deepEqual(Object.keys(overlay.services).filter((name) => name in fleet.services), []);
    for (const [name, { ports = [], networks }] of Object.entries(overlay.services)) {
      assert.equal(networks, undefined, name);
      assert.ok(ports.length > 0 && ports.every((port) => port.startsWith('127.0.0.1:')), name);
    }
  });

  it('mounts what is there, or a volume of its own', () => {
    const mounts = Object.values(overlay.services).flatMap(({ volumes = [] }) => volumes.map((volume) => volume.split(':')));
    assert.ok(mounts.length > 6);
    for (const [from = '', , mode] of mounts) {
      if (from.startsWith('./')) assert.deepEqual([existsSync(join(checkout, 'deploy', from)), mode], [true, 'ro'], from);
      else assert.ok(from in overlay.volumes, from);
    }
  });

  it('has Prometheus ask services of the fleet, and Grafana ask Prometheus and find the dashboards', () => {
    const text = (path: string): string => readFileSync(join(checkout, 'deploy/monitoring', path), 'utf8');
    const { scrape_configs: jobs } = parse(text('prometheus.yml')) as { scrape_configs: readonly [{ dns_sd_configs: readonly [{ names: readonly string[]; port: number }] }] };
    const [{ names, port }] = jobs[0].dns_sd_configs;
    assert.deepEqual(names.filter((name) => !(name in fleet.services)), []);
    assert.match(readFileSync(join(checkout, 'docker/Dockerfile'), 'utf8'), new RegExp(`WEIR_HEALTH=:${port}\\b`));
    const { datasources } = parse(text('grafana/datasources/prometheus.yml')) as { datasources: readonly [{ url: string }] };
    assert.ok(new URL(datasources[0].url).hostname in overlay.services);
    const { providers } = parse(text('grafana/dashboards/weir.yml')) as { providers: readonly [{ options: { path: string } }] };
    assert.ok(overlay.services['grafana']?.volumes?.includes(`./monitoring/dashboards:${providers[0].options.path}:ro`));
    const home = overlay.services['grafana']?.environment?.['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH'] ?? '';
    assert.equal(dirname(home), providers[0].options.path);
    assert.ok(existsSync(join(checkout, 'deploy/monitoring/dashboards', basename(home))), home);
  });
});
