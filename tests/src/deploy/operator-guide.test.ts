import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { checkout } from '../support/checkout.ts';
import { rules } from './monitoring-files.ts';

const guide = readFileSync(join(checkout, 'deploy/README.md'), 'utf8');
const headings = [...guide.matchAll(/^#{2,3} (.+)$/gm)].map(([, heading = '']) => heading);
const anchors = headings.map((heading) => heading.toLowerCase().replaceAll(/[^\w -]/g, '').replaceAll(' ', '-'));

interface Compose {
  readonly services: Readonly<Record<string, { readonly ports?: readonly string[]; readonly volumes?: readonly string[]; readonly networks?: unknown; readonly environment?: Readonly<Record<string, string>> }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const compose = (path: string): Compose => parse(readFileSync(join(checkout, path), 'utf8'), { merge: true }) as Compose;

describe('the operator guide', () => {
  it('has a section for each alert, where its runbook_url leads, and none for another', () => {
    const alerts = rules.filter(({ alert }) => alert !== undefined);
    assert.deepEqual(headings.filter((heading) => heading.startsWith('Weir')), alerts.map(({ alert }) => alert));
    for (const { alert, annotations, labels } of alerts) {
      assert.equal(annotations?.['runbook_url'], `deploy/README.md#${alert?.toLowerCase()}`);
      assert.ok(annotations['summary'] !== undefined && annotations['description'] !== undefined, alert);
      assert.match(labels?.['severity'] ?? '', /^(critical|warning)$/);
    }
  });

  it('quotes BENCHMARKS.md as it is', () => {
    const measured = [...readFileSync(join(checkout, 'BENCHMARKS.md'), 'utf8').matchAll(/^### (.+)\n([^]*?)(?=^#|(?![^]))/gm)];
    const quoted = [...guide.matchAll(/^\| (\d+) (?:listeners )?x (\d+ [kM]bit\/s)(, over NATS)? \| ([\d.]+) \| ([\d.]+) \/ ([\d.]+) ms \|$/gm)];
    assert.ok(quoted.length > 3);
    for (const [line, listeners, rate = '', nats, ...figures] of quoted) {
      const server = nats === undefined ? 'weir serve' : 'weir edge over NATS';
      const rows = measured
        .filter(([, title = '']) => title.includes(`x ${rate}`))
        .flatMap(([, , text = '']) => text.split('\n').map((row) => row.split('|').map((cell) => cell.replace(/\(.*/, '').trim())))
        .filter((cells) => cells[1] === server && cells[2] === listeners)
        .map((cells) => [cells[3], cells[5], cells[7]]);
      const agrees = rows.some((row) => figures.every((figure, index) => Number(row[index]).toFixed(figure.split('.')[1]?.length ?? 0) === figure));
      assert.ok(agrees, `${line}: BENCHMARKS.md has ${JSON.stringify(rows)}`);
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
