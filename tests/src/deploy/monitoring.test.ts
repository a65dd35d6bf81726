import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkout } from '../support/checkout.ts';
import { eventually } from '../support/eventually.ts';
import { parseExposition, together } from './exposition.ts';
import type { ExposedMetric } from './exposition.ts';
import { MonitoredFleet } from './monitored-fleet.ts';
import { dashboards, labelQueries, monitoringFolder, rules, withEverything } from './monitoring-files.ts';
import { PrometheusServer } from './prometheus-server.ts';
import { namesIn } from './promql.ts';

/** What Prometheus adds itself. */
const ownMetrics: readonly string[] = ['up', 'ALERTS'];
const ownLabels: readonly string[] = ['job', 'instance', 'alertname', 'le'];

const chartFiles = join(checkout, 'helm/weir/files/monitoring');

describe('monitoring files', () => {
  const promtool = (...words: readonly string[]): { code: number | null; said: string } => {
    const { status, stdout, stderr } = spawnSync('promtool', words, { cwd: monitoringFolder, encoding: 'utf8' });
    return { code: status, said: stdout + stderr };
  };

  for (const words of [['check', 'rules', 'weir.rules.yml'], ['check', 'config', 'prometheus.yml'], ['test', 'rules', 'weir.rules.test.yml']]) {
    it(`are without blame to promtool ${words.join(' ')}`, () => {
      const { code, said } = promtool(...words);
      assert.equal(code, 0, said);
    });
  }

  it('test that each alert fires', () => {
    const tests = readFileSync(join(monitoringFolder, 'weir.rules.test.yml'), 'utf8');
    const alerts = rules.flatMap(({ alert }) => alert ?? []);
    assert.ok(alerts.length > 15);
    assert.deepEqual(alerts.filter((alert) => !tests.includes(`alertname="${alert}", alertstate="firing"`)), []);
  });

  it('are in the chart as they are here', () => {
    for (const file of ['weir.rules.yml', ...[...dashboards.keys()].map((name) => `dashboards/${name}`)]) {
      assert.equal(readFileSync(join(chartFiles, file), 'utf8'), readFileSync(join(monitoringFolder, file), 'utf8'), file);
    }
  });

  for (const [file, { uid, panels, templating }] of dashboards) {
    it(`${file} has a unit and a place of its own for each panel, and asks the chosen data source alone`, () => {
      assert.equal(`${uid}.json`, file);
      assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
      const variables = templating.list.map(({ name }) => name);
      assert.deepEqual(variables.slice(0, 2), ['datasource', 'job']);
      const cells = new Set<string>();
      for (const { title, gridPos, fieldConfig, targets } of panels) {
        assert.ok(fieldConfig.defaults.unit !== '', title);
        assert.ok(gridPos.x + gridPos.w <= 24, title);
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) assert.ok(cells.size < cells.add(`${x} ${y}`).size, `${title} lies on another panel`);
        }
        for (const { expr, datasource } of targets) {
          assert.equal(datasource.uid, '${datasource}', title);
          assert.ok(expr.includes('job=~"$job"'), `${title}: ${expr}`);
          for (const [, variable = ''] of expr.matchAll(/\$(\w+)/g)) assert.ok(variable === '__rate_interval' || variables.includes(variable), `${title}: $${variable}`);
        }
      }
    });
  }
});

describe('monitoring of a fleet that runs', () => {
  let fleet: MonitoredFleet;
  let prometheus: PrometheusServer;
  let exposed: ReadonlyMap<string, ExposedMetric>;
  before(async () => {
    fleet = await MonitoredFleet.start();
    prometheus = await PrometheusServer.start(fleet.targets);
    exposed = together((await fleet.metrics()).map(parseExposition));
  });
  after(async () => {
    await prometheus.stop();
    await fleet.stop();
  });

  /** What is wrong with an expression, and with labels that are used of its result. */
  const complaints = (expression: string, used: readonly string[] = []): readonly string[] => {
    const { metrics, labels } = namesIn(expression);
    const recorded = new Map(rules.flatMap(({ record, expr }) => (record === undefined ? [] : [[record, expr] as const])));
    const sources = metrics.flatMap((metric) => (recorded.has(metric) ? namesIn(recorded.get(metric) ?? '').metrics : [metric]));
    const known = sources.map((name) => [...exposed.values()].find((metric) => metric.samples.has(name)));
    const allowed = new Set([...ownLabels, ...known.flatMap((metric) => [...(metric?.labels ?? [])])]);
    return [
      ...sources.filter((name, index) => known[index] === undefined && !ownMetrics.includes(name)).map((name) => `${name} is told by no process`),
      ...[...labels, ...used].filter((label) => !allowed.has(label)).map((label) => `no metric of ${expression} has the label ${label}`),
    ];
  };

  it('rules name metrics and labels that are told, and every one of them can be evaluated', async () => {
    for (const { alert, record, expr, annotations } of rules) {
      const used = [...Object.values(annotations ?? {}).join(' ').matchAll(/\$labels\.(\w+)/g)].map(([, label = '']) => label);
      assert.deepEqual(complaints(expr, used), [], alert ?? record);
    }
    const evaluated = await eventually('all were evaluated', async () => {
      const all = await prometheus.rules();
      return all.every(({ health }) => health !== 'unknown') ? all : null;
    });
    assert.deepEqual(evaluated.map(({ name }) => name).sort(), rules.map(({ alert, record }) => alert ?? record ?? '').sort());
    assert.deepEqual(evaluated.filter(({ health }) => health !== 'ok'), []);
  });

  it('sees what is wrong with this fleet, and nothing else', async () => {
    const names = async (): Promise<readonly string[]> => [...new Set((await prometheus.query('ALERTS')).map(({ metric }) => metric['alertname'] ?? ''))].sort();
    await eventually('the broken source is noticed', async () => (await names()).includes('WeirSourceFailed'));
    const expected = ['WeirEdgeAlmostFull', 'WeirEdgesBusy', 'WeirListenersRefused', 'WeirMasterUnreachable', 'WeirSourceFailed', 'WeirSourceFlapping', 'WeirStreamUnavailable'];
    assert.deepEqual((await names()).filter((name) => !expected.includes(name)), []);
  });

  for (const [file, dashboard] of dashboards) {
    it(`${file} shows something in every panel and variable`, async () => {
      for (const { title, targets } of dashboard.panels) {
        for (const { expr, legendFormat } of targets) {
          const used = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
          assert.deepEqual(complaints(expr, used), [], title);
          const [first] = await eventually(`${title} has data: ${expr}`, async () => {
            const found = await prometheus.query(withEverything(expr));
            return found.length > 0 ? found : null;
          });
          assert.deepEqual(used.filter((label) => first?.metric[label] === undefined), [], `${title}: ${expr}`);
        }
      }
      for (const { selector, label } of labelQueries(dashboard)) {
        assert.deepEqual(complaints(selector, [label]), []);
        assert.notEqual((await prometheus.labelValues(label, withEverything(selector))).length, 0, `${label} of ${selector}`);
      }
    });
  }

  it('has a line in deploy/README.md for each metric, as the process itself explains it', () => {
    // Those of the process and of Node are prom-client's.
    const own = [...exposed.values()].filter(({ name }) => !/^(process|nodejs)_/.test(name));
    const lines = own.map(({ name, type, labels, help }) => `| \`${name}\` | ${type} | ${[...labels].sort().join(', ')} | ${help} |`).sort();
    const documented = readFileSync(join(checkout, 'deploy/README.md'), 'utf8')
      .split('\n')
      .filter((line) => /^\| `\w+` \| (?:gauge|counter|histogram) \|/.test(line))
      .sort();
    assert.deepEqual(documented, lines);
  });
});
