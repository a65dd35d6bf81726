import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse } from 'yaml';
import { checkout } from '../support/checkout.ts';
import { Chart, chartFolder, namesOf, pick, valuesFiles } from './chart.ts';
import type { KubernetesObject } from './chart.ts';
import { goProgram, noGo } from './go-tool.ts';
import { KubernetesSchemas } from './kubernetes-schemas.ts';

interface Grace {
  readonly terminationGracePeriodSeconds: number;
  readonly containers: readonly [{ readonly lifecycle?: { readonly preStop: { readonly sleep: { readonly seconds: number } } }; readonly env: readonly { readonly name: string; readonly value?: string }[] }];
}

interface NatsPod {
  readonly containers: readonly [
    {
      readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
      readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
    },
  ];
  readonly volumes: readonly { readonly name: string; readonly projected?: { readonly sources: readonly { readonly secret: object }[] } }[];
}

describe('chart', { skip: noGo }, () => {
  let chart: Chart;
  before(async () => {
    chart = await Chart.open();
  });

  for (const [name, file] of valuesFiles) {
    it(`is without blame to helm lint --strict with the values of ${name}`, () => {
      const { code, output, complaints } = chart.helm('lint', '--strict', '.', '-f', file);
      assert.equal(code, 0, output + complaints);
      assert.doesNotMatch(output, /WARNING|ERROR/);
    });
  }

  describe('against the schemas of Kubernetes 1.33, KEDA, the Prometheus operator and the Gateway API', () => {
    let kubeconform: string;
    let schemas: KubernetesSchemas;
    before(async () => {
      kubeconform = await goProgram('github.com/yannh/kubeconform/cmd/kubeconform', 'v0.8.0');
      schemas = await KubernetesSchemas.make();
    });
    after(() => schemas.remove());
    const conform = (objects: string): { code: number | null; said: string } => {
      const location = `${schemas.folder}/{{ .ResourceKind }}-{{ .ResourceAPIVersion }}.json`;
      const { status, stdout, stderr } = spawnSync(kubeconform, ['-strict', '-summary', '-verbose', '-schema-location', location], { input: objects, encoding: 'utf8' });
      return { code: status, said: stdout + stderr };
    };

    for (const [name, file] of valuesFiles) {
      it(`renders valid objects with the values of ${name}`, () => {
        const { output } = chart.template('-f', file);
        const { code, said } = conform(output);
        assert.equal(code, 0, said);
        const objects = chart.render('-f', file).length;
        assert.match(said, new RegExp(`Summary: ${objects} resources? found .* - Valid: ${objects}, Invalid: 0, Errors: 0, Skipped: 0`));
      });
    }

    for (const [what, good, bad] of [
      ['a field that Kubernetes does not know', 'minReadySeconds:', 'minReadySecond:'],
      ['a value of the wrong type', 'replicas: 2', 'replicas: two'],
      ['a field of KEDA that is none', 'pollingInterval:', 'pollInterval:'],
      ['an alert without an expression', 'expr: weir_config_last_reload_successful', 'exp: weir_config_last_reload_successful'],
      ['a route without its timeouts in seconds', 'request: 0s', 'request: never'],
    ] as const) {
      it(`would notice ${what}`, () => {
        const everything = [...valuesFiles.values()].map((file) => chart.template('-f', file).output).join('\n---\n');
        assert.ok(everything.includes(good));
        assert.equal(conform(everything.replace(good, bad)).code, 1);
      });
    }
  });

  const wrong: readonly (readonly [values: string, says: RegExp])[] = [
    ['edge.replicas=3', /'\/edge': additional properties 'replicas' not allowed/],
    ['edgee.replicaCount=3', /additional properties 'edgee' not allowed/],
    ['edge.drainSeconds=2m', /'\/edge\/drainSeconds': got string, want integer/],
    ['edge.service.type=Loadbalancer', /'\/edge\/service\/type': value must be one of/],
    ['edge.image.digest=latest', /'\/edge\/image\/digest'/],
    ['edge.tls.secret=radio-tls', /'\/edge\/tls': additional properties 'secret' not allowed/],
    ['edge.workers=auto', /'\/edge\/workers': got string, want integer/],
    ['ingest.service.shoutcast=8001', /'\/ingest\/service\/shoutcast': got number, want boolean/],
    ['admin.token=secret', /'\/admin': additional properties 'token' not allowed/],
    ['nats.auth.existingSecret=users,prefix=radio', /nats.auth.prefix is "weir" and prefix "radio": they must be the same/],
    ['configuration.streams.radio.fead=studio', /'\/configuration\/streams\/radio': additional properties 'fead' not allowed/],
    ['configuration.edge.busy_at=90', /'\/configuration\/edge/],
    ['mode=fleets', /'\/mode': value must be one of 'fleet', 'standalone'/],
    ['nats.config.clusterr.enabled=true', /additional properties 'clusterr' not allowed/],
    ['nats.config.cluster.replicas=2', /'\/config\/cluster\/replicas'/],
    ['nats.enabled=false', /a fleet needs NATS: set nats.enabled=true, or name yours/],
    ['mode=standalone', /mode standalone runs without NATS: set nats.enabled=false/],
    ['edge.keda.enabled=true', /edge.keda.prometheusAddress is needed/],
    ['edge.autoscaling.enabled=true,edge.keda.enabled=true', /edge.autoscaling and edge.keda exclude each other/],
    ['edge.terminationGracePeriodSeconds=60', /must be 145 or more, or listeners are cut off/],
    ['httpRoute.enabled=true', /httpRoute.parentRefs names the Gateway/],
  ];
  for (const [values, says] of wrong) {
    it(`refuses ${values}`, () => {
      const { code, complaints } = chart.template('--set', values);
      assert.notEqual(code, 0);
      assert.match(complaints, says);
    });
  }

  it('gives edges a number only where nothing scales them', () => {
    const replicas = (name: string): unknown => pick(chart.render('-f', valuesFiles.get(name) ?? ''), 'Deployment', '-edge').spec.replicas;
    assert.deepEqual(['default', 'ha', 'keda'].map(replicas), [2, undefined, undefined]);
    assert.equal(pick(chart.render('--set', 'edge.replicaCount=0'), 'Deployment', '-edge').spec.replicas, 0);
  });

  it('scales by one means at a time, never below the least', () => {
    const scalers = (name: string): readonly (readonly string[])[] => ['HorizontalPodAutoscaler', 'ScaledObject'].map((kind) => namesOf(chart.render('-f', valuesFiles.get(name) ?? ''), kind));
    assert.deepEqual(scalers('default'), [[], []]);
    assert.deepEqual(scalers('ha'), [['rel-weir-edge'], []]);
    assert.deepEqual(scalers('keda'), [[], ['rel-weir-edge']]);
  });

  it('has a disruption budget where there are two pods or more, and nowhere else', () => {
    const budgets = (...words: readonly string[]): readonly string[] => namesOf(chart.render(...words), 'PodDisruptionBudget');
    assert.deepEqual(budgets(), ['rel-weir-edge', 'rel-weir-ingest']);
    assert.deepEqual(budgets('--set', 'edge.replicaCount=1,ingest.replicaCount=1'), []);
    assert.deepEqual(budgets('--set', 'edge.autoscaling.enabled=true,edge.autoscaling.minReplicas=1'), ['rel-weir-ingest']);
    assert.deepEqual(budgets('-f', valuesFiles.get('ha') ?? ''), ['rel-nats', 'rel-weir-control', 'rel-weir-edge', 'rel-weir-ingest']);
  });

  it('gives every pod the time to drain and to close', () => {
    const graces = [...valuesFiles.values()].flatMap((file) =>
      chart.render('-f', file).filter(({ kind }) => kind === 'Deployment').map((object): readonly number[] => {
        const { terminationGracePeriodSeconds, containers } = object.spec.template.spec as Grace;
        const drain = Number.parseInt(containers[0].env.find(({ name }) => name === 'WEIR_DRAIN')?.value ?? '0', 10);
        return [terminationGracePeriodSeconds, (containers[0].lifecycle?.preStop.sleep.seconds ?? 0) + drain + 15];
      }),
    );
    assert.deepEqual(graces.map(([grace = 0, needed = 0]) => grace >= needed), graces.map(() => true));
    assert.ok(graces.some(([grace = 0]) => grace === 625), 'ha drains for ten minutes');
  });

  it('sleeps before it stops by a program where Kubernetes cannot', () => {
    const { output } = chart.template('--kube-version', '1.29.0');
    assert.match(output, /command: \[node, -e, "setTimeout\(\(\) => \{\}, 10000\)"\]/);
  });

  it('ships the demo and the NATS configuration of this repository', () => {
    const text = (path: string): string => readFileSync(path, 'utf8');
    assert.equal(text(join(chartFolder, 'files/demo.yml')), text(join(checkout, 'deploy/examples/demo.yml')));
    for (const file of ['nats.conf', 'permissions.conf']) assert.equal(text(join(chartFolder, 'charts/nats/files', file)), text(join(checkout, 'deploy/nats', file)));
  });

  it('has the alerts and dashboards of deploy/monitoring where they are wanted, and nowhere else', () => {
    const objects = chart.render('-f', valuesFiles.get('ha') ?? '');
    const rule = pick(objects, 'PrometheusRule', '-weir');
    const shipped = readFileSync(join(checkout, 'deploy/monitoring/weir.rules.yml'), 'utf8').replaceAll('deploy/README.md', 'https://runbooks.example.org/weir');
    assert.deepEqual(rule.spec, parse(shipped));
    const dashboards = objects.filter(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.endsWith('-dashboard'));
    assert.deepEqual(dashboards.flatMap(({ data = {} }) => Object.keys(data)), ['weir-edge.json', 'weir-feed.json', 'weir-fleet.json', 'weir-nats.json']);
    for (const [file, text] of dashboards.flatMap(({ data = {} }) => Object.entries(data))) {
      assert.deepEqual(JSON.parse(text), JSON.parse(readFileSync(join(checkout, 'deploy/monitoring/dashboards', file), 'utf8')));
    }
    const without = chart.render();
    assert.deepEqual([namesOf(without, 'PrometheusRule'), namesOf(without, 'ConfigMap').filter((name) => name.endsWith('-dashboard'))], [[], []]);
  });

  for (const name of ['default', 'ha']) {
    it(`configures NATS so that nats-server takes it, with the values of ${name}`, async () => {
      const conf = pick(chart.render('-f', valuesFiles.get(name) ?? ''), 'ConfigMap', '-nats').data?.['nats.conf'] ?? '';
      for (const setting of ['write_deadline: "2s"', 'max_pending: 128MB', 'max_payload: 1MB']) assert.ok(conf.includes(setting), setting);
      assert.equal(conf.match(/nats:\/\/rel-nats-\d\.rel-nats-headless:6222/g)?.length ?? 0, name === 'ha' ? 3 : 0);
      const folder = await mkdtemp(join(tmpdir(), 'weir-nats-'));
      try {
        await writeFile(join(folder, 'nats.conf'), conf);
        const passwords = Object.fromEntries(['CONTROL', 'INGEST', 'EDGE', 'MONITOR'].map((user) => [`WEIR_${user}_PASSWORD`, 'aSecret']));
        const { status, stderr } = spawnSync('nats-server', ['-t', '-c', join(folder, 'nats.conf'), '-sd', folder], { encoding: 'utf8', env: { ...process.env, POD_NAME: 'rel-nats-0', ...passwords } });
        assert.equal(status, 0, stderr);
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  }

  it('starts control anew when the configuration changes, and nothing that has listeners', () => {
    const templates = (text: string, mode = 'mode=fleet'): readonly [string, string][] =>
      chart.render('--set', `${mode},configuration=${text}`).filter(({ kind }) => kind === 'Deployment').map(({ metadata, spec }) => [metadata.name, JSON.stringify(spec.template)]);
    const [one, other] = [new Map(templates('one')), templates('other')];
    assert.deepEqual(other.filter(([name, template]) => one.get(name) !== template).map(([name]) => name), ['rel-weir-control']);
    const standalone = 'mode=standalone,nats.enabled=false';
    assert.deepEqual(templates('one', standalone), templates('other', standalone));
  });

  it('takes the URL of NATS from a Secret that is there already', () => {
    const env = pick(chart.render('-f', valuesFiles.get('external-nats') ?? ''), 'Deployment', '-edge').spec.template.spec.containers[0].env as readonly KubernetesObject[];
    assert.deepEqual(env.at(-1), { name: 'WEIR_NATS', valueFrom: { secretKeyRef: { name: 'nats', key: 'url' } } });
  });

  it('gives a component the certificate of a Secret, and tells others that it speaks HTTPS', () => {
    const objects = chart.render('--set', 'edge.tls.secretName=radio-tls,edge.service.port=443');
    const { containers, volumes } = pick(objects, 'Deployment', '-edge').spec.template.spec as { containers: readonly [{ env: readonly KubernetesObject[]; volumeMounts: readonly object[] }]; volumes: readonly object[] };
    const environment = containers[0].env as unknown as readonly { name: string; value: string }[];
    assert.deepEqual(environment.filter(({ name }) => name.startsWith('WEIR_TLS')).map(({ value }) => value), ['/etc/weir-tls/tls.crt', '/etc/weir-tls/tls.key']);
    assert.deepEqual(volumes.at(-1), { name: 'tls', secret: { secretName: 'radio-tls', defaultMode: 0o440 } });
    assert.deepEqual(containers[0].volumeMounts.at(-1), { name: 'tls', mountPath: '/etc/weir-tls', readOnly: true });
    assert.equal(pick(objects, 'Service', '-edge').spec.ports[0].appProtocol, 'https');
    assert.equal(pick(objects, 'Service', '-control').spec.ports[0].appProtocol, 'http');
    const play = pick(objects, 'Pod', '-test').spec.containers[0].env as readonly { name: string; value: string }[];
    assert.deepEqual(play.slice(0, 2).map(({ value }) => value), ['https://rel-weir-edge:443/camera.ts', '0']);
    assert.ok(!JSON.stringify(chart.render()).includes('weir-tls'));
  });

  it('gives each component a user of its own, and the authority and domain of NATS', () => {
    const words = 'nats.enabled=false,externalNats.existingSecret=nats,externalNats.secretKey=url-COMPONENT,externalNats.caSecret=nats-tls,externalNats.caKey=root.pem,externalNats.domain=hub';
    const objects = chart.render('--set', words);
    for (const component of ['edge', 'ingest', 'control']) {
      const { containers, volumes } = pick(objects, 'Deployment', `-${component}`).spec.template.spec as NatsPod;
      const env = new Map(containers[0].env.map((each) => [each.name, each]));
      assert.deepEqual(env.get('WEIR_NATS'), { name: 'WEIR_NATS', valueFrom: { secretKeyRef: { name: 'nats', key: `url-${component}` } } });
      assert.equal(env.get('WEIR_NATS_DOMAIN')?.value, 'hub');
      const mounted = containers[0].volumeMounts.find(({ name }) => name === 'nats')?.mountPath;
      assert.equal(env.get('WEIR_NATS_CA')?.value, `${mounted}/ca.crt`);
      assert.deepEqual(volumes.find(({ name }) => name === 'nats')?.projected?.sources, [{ secret: { name: 'nats-tls', items: [{ key: 'root.pem', path: 'ca.crt' }] } }]);
    }
  });

  it('renders objects of the user, templates in them included', () => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '{{ .Release.Name }}-own' } };
    assert.deepEqual(pick(chart.render('--set-json', `extraObjects=${JSON.stringify([object])}`), 'ConfigMap', '-own').metadata.name, 'rel-own');
  });

  it('has an edge alone where nothing else is wanted', () => {
    const objects = chart.render('--set', 'ingest.enabled=false,control.enabled=false,nats.enabled=false,externalNats.servers={nats://hub:4222}');
    assert.deepEqual(namesOf(objects, 'Deployment'), ['rel-weir-edge']);
    assert.deepEqual(namesOf(objects, 'Service'), ['rel-weir-edge']);
  });

  it('runs every pod without a right it does not need', () => {
    for (const file of valuesFiles.values()) {
      for (const { kind, metadata, spec } of chart.render('-f', file)) {
        const pod = kind === 'Pod' ? spec : spec?.template?.spec;
        if (pod === undefined) continue;
        const [container] = pod.containers;
        const { allowPrivilegeEscalation, readOnlyRootFilesystem, capabilities } = container.securityContext;
        assert.deepEqual(
          [pod.automountServiceAccountToken, pod.enableServiceLinks, pod.securityContext.runAsNonRoot, pod.securityContext.runAsUser, pod.securityContext.seccompProfile.type, allowPrivilegeEscalation, readOnlyRootFilesystem, capabilities.drop],
          [false, false, true, 1000, 'RuntimeDefault', false, true, ['ALL']],
          metadata.name,
        );
      }
    }
  });
});
