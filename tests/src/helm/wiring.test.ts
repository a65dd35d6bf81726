import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse } from 'yaml';
import { Chart, chartFolder, namesOf, pick, valuesFiles } from './chart.ts';
import type { KubernetesObject } from './chart.ts';
import { configurationSchema } from './configuration-schema.ts';
import { noGo } from './go-tool.ts';

type Labels = Readonly<Record<string, string>>;

interface Port {
  readonly name: string;
  readonly port: number;
  readonly targetPort: string;
  readonly containerPort: number;
}

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

const read = (path: string): unknown => parse(readFileSync(join(chartFolder, path), 'utf8'));

/** The names that values have, `a.b.c`, as deep as the schema names them. */
function keysOf(schema: Schema, root: Schema, path = ''): readonly string[] {
  const { properties, additionalProperties } = schema.$ref === undefined ? schema : (root.definitions?.[schema.$ref.replace('#/definitions/', '')] ?? {});
  if (properties === undefined || additionalProperties !== false) return [path];
  return Object.entries(properties).flatMap(([key, each]) => keysOf(each, root, path === '' ? key : `${path}.${key}`));
}

const has = (values: unknown, path: string): boolean => path.split('.').reduce<unknown>((tree, key) => (tree as Readonly<Record<string, unknown>> | undefined)?.[key], values) !== undefined;

describe('values of the chart', () => {
  for (const [folder, optional] of [
    ['.', /^global$|\.image\.|^nats$/],
    ['charts/nats', /^global$/],
  ] as const) {
    it(`in ${folder} are all in values.yaml, with what they are, and in the schema`, () => {
      const schema = read(`${folder}/values.schema.json`) as Schema;
      const values = read(`${folder}/values.yaml`);
      const known = keysOf(schema, schema);
      assert.ok(known.length > 15);
      assert.deepEqual(known.filter((path) => !has(values, path) && !optional.test(path)), []);
    });
  }

  it('have the schema of configuration files: node tests/dist/helm/write-values-schema.js writes it', () => {
    const { definitions } = read('values.schema.json') as { definitions: { configuration: unknown } };
    assert.deepEqual(definitions.configuration, configurationSchema());
  });
});

describe('what the chart renders fits together', { skip: noGo }, () => {
  let chart: Chart;
  /** A copy, in which the notes are an object: helm shows them to clusters alone. */
  let folder: string;
  before(async () => {
    chart = await Chart.open();
    folder = await mkdtemp(join(tmpdir(), 'weir-notes-'));
    await cp(chartFolder, folder, { recursive: true });
    const notes = await readFile(join(folder, 'templates/NOTES.txt'), 'utf8');
    await writeFile(join(folder, 'templates/notes.yaml'), `{{- define "notes" }}${notes}{{ end }}\nnotes: {{ include "notes" . | quote }}\n`);
  });
  after(() => rm(folder, { recursive: true }));
  const render = (name: string): readonly KubernetesObject[] => chart.render('-f', valuesFiles.get(name) ?? '');
  const policy = (name: string, component: string) => pick(render(name), 'NetworkPolicy', `-${component}`).spec as { readonly ingress: readonly object[]; readonly egress: readonly object[] };

  for (const name of valuesFiles.keys()) {
    it(`with the values of ${name}: what is named is there`, () => {
      const objects = render(name);
      const pods = objects.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet').map(({ metadata, spec }) => ({ name: metadata.name, labels: spec.template.metadata.labels as Labels, spec: spec.template.spec }));
      const selected = (labels: Labels): typeof pods => pods.filter((pod) => Object.entries(labels).every(([key, value]) => pod.labels[key] === value));
      const services = new Map(objects.filter(({ kind }) => kind === 'Service').map(({ metadata, spec }) => [metadata.name, spec.ports as readonly Port[]]));
      const seen = new Set<string>();
      for (const { kind, metadata, spec } of objects) {
        const what = `${kind} ${metadata.name}`;
        seen.add(kind);
        if (kind === 'Service') {
          const [pod, ...others] = selected(spec.selector as Labels);
          assert.ok(pod !== undefined && others.length === 0, what);
          for (const { targetPort } of spec.ports as readonly Port[]) assert.ok(portsOf(pod).some((port) => port.name === targetPort), `${what}: ${targetPort}`);
        }
        if (kind === 'PodDisruptionBudget' || kind === 'NetworkPolicy') assert.equal(selected((spec.selector ?? spec.podSelector).matchLabels as Labels).length, 1, what);
        if (kind === 'PodMonitor') {
          const watched = selected(spec.selector.matchLabels as Labels);
          assert.deepEqual(watched.map((pod) => portsOf(pod).some((port) => port.name === spec.podMetricsEndpoints[0].port)), [true, true, true], what);
        }
        if (kind === 'HorizontalPodAutoscaler' || kind === 'ScaledObject') assert.ok(namesOf(objects, 'Deployment').includes(spec.scaleTargetRef.name as string), what);
        if (kind === 'Ingress') {
          const { service } = spec.rules[0].http.paths[0].backend as { readonly service: { readonly name: string; readonly port: { readonly name: string } } };
          assert.ok(services.get(service.name)?.some((port) => port.name === service.port.name), what);
        }
        if (kind === 'HTTPRoute') {
          const [backend] = spec.rules[0].backendRefs as readonly [{ readonly name: string; readonly port: number }];
          assert.ok(services.get(backend.name)?.some(({ port }) => port === backend.port), what);
        }
      }
      assert.ok(seen.has('Service'));
      for (const pod of pods) {
        fits(pod.name, pod.spec);
        const own = /(rel-[\w-]+):(\d+)$/.exec((pod.spec as PodSpec).containers[0].env.find((variable) => variable.name === 'WEIR_NATS')?.value ?? '');
        if (own !== null) assert.ok(services.get(own[1] ?? '')?.some((each) => each.port === Number(own[2])), `${pod.name}: ${own[0]}`);
      }
    });

    it(`with the values of ${name}: the notes name services, ports and deployments that there are`, () => {
      const objects = render(name);
      const { code, output, complaints } = chart.helm('template', 'rel', folder, '--namespace', 'live', '--kube-version', '1.33.0', '-f', valuesFiles.get(name) ?? '', '--show-only', 'templates/notes.yaml');
      assert.equal(code, 0, complaints);
      const { notes } = parse(output) as { notes: string };
      const commands = [...notes.matchAll(/^ +((?:kubectl|helm) .*)$/gm)].map(([, command = '']) => command);
      assert.ok(commands.length >= 3, notes);
      for (const command of commands) {
        const [, deployment] = /^kubectl -n live rollout status deployment\/(\S+)$/.exec(command) ?? [];
        const [, service, local, port] = /^kubectl -n live port-forward service\/(\S+) (\d+):(\d+)$/.exec(command) ?? [];
        if (deployment !== undefined) assert.ok(namesOf(objects, 'Deployment').includes(deployment), command);
        else if (service !== undefined) {
          assert.ok((pick(objects, 'Service', service).spec.ports as readonly Port[]).some((each) => each.port === Number(port)), command);
          assert.match(notes, new RegExp(`https?://127\\.0\\.0\\.1:${local}/`), command);
        } else assert.equal(command, 'helm -n live test rel');
      }
    });
  }

  const dns = { ports: [{ port: 53, protocol: 'UDP' }, { port: 53, protocol: 'TCP' }] };
  const nats = { ports: [{ port: 4222, protocol: 'TCP' }] };
  const own = { to: [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'nats', 'app.kubernetes.io/instance': 'rel' } } }] };
  const port = (...numbers: readonly number[]): object => ({ ports: numbers.map((each) => ({ port: each, protocol: 'TCP' })) });

  it('lets in listeners, sources and whoever reads metrics, and out to names, NATS and sources: nothing else', () => {
    assert.deepEqual(policy('ha', 'edge'), { ...policy('ha', 'edge'), ingress: [port(8090), port(9090)], egress: [dns, { ...nats, ...own }] });
    assert.deepEqual(policy('ha', 'ingest'), { ...policy('ha', 'ingest'), ingress: [port(8000), port(9090)], egress: [dns, { ...nats, ...own }, {}] });
    assert.deepEqual(policy('ha', 'control'), { ...policy('ha', 'control'), ingress: [port(9090)], egress: [dns, { ...nats, ...own }, {}] });
    assert.deepEqual(policy('external-nats', 'edge').egress, [dns, nats]);
    assert.deepEqual(policy('standalone', 'standalone'), { ...policy('standalone', 'standalone'), ingress: [port(8090, 8091), port(9090)], egress: [dns, {}] });
  });

  it('lets in and out those alone who are named', () => {
    const values = read('ci/tls-values.yaml') as { networkPolicy: Readonly<Record<'listenersFrom' | 'sourcesFrom' | 'statusFrom' | 'metricsFrom' | 'relaysTo', readonly object[]>> };
    const { listenersFrom, sourcesFrom, statusFrom, metricsFrom, relaysTo } = values.networkPolicy;
    const test = { podSelector: { matchLabels: { 'app.kubernetes.io/name': 'weir', 'app.kubernetes.io/instance': 'rel', 'app.kubernetes.io/component': 'test' } } };
    const metrics = { ...port(9090), from: metricsFrom };
    assert.deepEqual(policy('tls', 'edge').ingress, [{ ...port(8090), from: [...listenersFrom, test] }, metrics]);
    assert.deepEqual(policy('tls', 'ingest').ingress, [{ ...port(8000, 8001), from: sourcesFrom }, metrics]);
    assert.deepEqual(policy('tls', 'control').ingress, [{ ...port(8091), from: statusFrom }, metrics]);
    assert.deepEqual(policy('tls', 'ingest').egress, [dns, nats, { to: relaysTo }]);
  });

  it('lets nobody but weir and its own servers near the NATS that it brings', () => {
    const { spec } = pick(chart.render(), 'NetworkPolicy', '-nats');
    assert.deepEqual(spec.ingress[0], { ...port(4222), from: [{ podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'rel', 'app.kubernetes.io/part-of': 'weir' } } }] });
    assert.deepEqual(spec.ingress.length, 2);
  });

  it('leads sources to ingests, unless it is told not to', () => {
    const { spec } = pick(render('tls'), 'Service', '-ingest');
    assert.deepEqual([spec.type, spec.ports.map((each: Port) => [each.port, each.targetPort])], ['LoadBalancer', [[8443, 'http'], [8444, 'shoutcast']]]);
    assert.deepEqual(namesOf(render('ha'), 'Ingress'), ['rel-weir', 'rel-weir-ingest']);
    const without = chart.render('--set', 'ingest.service.enabled=false,ingest.ingress.enabled=true');
    assert.deepEqual([namesOf(without, 'Service').filter((name) => name.includes('ingest')), namesOf(without, 'Ingress')], [[], []]);
    assert.ok(!JSON.stringify(pick(without, 'Deployment', '-ingest')).includes('WEIR_LISTEN'));
  });

  it('reads a configuration of values as it reads one of text', () => {
    const { data } = pick(render('standalone'), 'ConfigMap', '-configuration');
    assert.deepEqual(parse(data?.['weir.yml'] ?? ''), (read('ci/standalone-values.yaml') as { configuration: unknown }).configuration);
  });

  it('lets a variable of the user take the place of its own', () => {
    const { env } = pick(chart.render('--set', 'edge.env.WEIR_LOG_LEVEL=debug,edge.env.MORE=1'), 'Deployment', '-edge').spec.template.spec.containers[0] as PodSpec['containers'][0];
    assert.deepEqual(env.filter(({ name }) => name === 'WEIR_LOG_LEVEL' || name === 'MORE'), [{ name: 'MORE', value: '1' }, { name: 'WEIR_LOG_LEVEL', value: 'debug' }]);
  });

  it('shows secrets to those alone who need them', () => {
    const users = (secret: string): readonly string[] => namesOf(render('tls').filter((object) => JSON.stringify(object).includes(`"${secret}"`)), 'Deployment');
    assert.deepEqual(users('weir-admin'), ['rel-weir-control']);
    assert.deepEqual(users('weir-key'), ['rel-weir-control', 'rel-weir-edge', 'rel-weir-ingest']);
    for (const component of ['control', 'edge', 'ingest']) assert.ok(JSON.stringify(pick(render('tls'), 'Deployment', `-${component}`)).includes(`"${component}.creds"`));
    assert.deepEqual(namesOf(render('ha').filter((object) => JSON.stringify(object).includes('WEIR_MONITOR_PASSWORD') && object.kind === 'StatefulSet'), 'StatefulSet'), ['rel-nats']);
  });
});

interface PodSpec {
  readonly containers: readonly [
    {
      readonly ports: readonly Port[];
      readonly env: readonly { readonly name: string; readonly value?: string }[];
      readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
      readonly startupProbe: { readonly httpGet: { readonly port: string } };
      readonly readinessProbe: { readonly httpGet: { readonly port: string } };
      readonly livenessProbe: { readonly httpGet: { readonly port: string } };
    },
  ];
  readonly volumes: readonly { readonly name: string; readonly secret?: Items; readonly projected?: { readonly sources: readonly { readonly secret: Items }[] }; readonly configMap?: object }[];
}

interface Items {
  readonly items?: readonly { readonly path: string }[];
}

function portsOf({ spec }: { readonly spec: PodSpec }): readonly Port[] {
  return spec.containers[0].ports;
}

/** Probes ask ports that there are; files that the environment names are mounted; no variable is there twice. */
function fits(name: string, { containers, volumes }: PodSpec): void {
  const [{ ports, env, volumeMounts, startupProbe, readinessProbe, livenessProbe }] = containers;
  for (const probe of [startupProbe, readinessProbe, livenessProbe]) assert.ok(ports.some((port) => port.name === probe.httpGet.port), name);
  const names = env.map((variable) => variable.name);
  assert.deepEqual(names.filter((each, index) => names.indexOf(each) !== index), [], name);
  for (const { name: variable, value = '' } of env.filter((each) => each.value?.startsWith('/etc/') === true)) {
    const mount = volumeMounts.find(({ mountPath }) => value.startsWith(`${mountPath}/`));
    const volume = volumes.find((each) => each.name === mount?.name);
    assert.ok(mount !== undefined && volume !== undefined, `${name}: ${variable}`);
    const sources = volume.projected === undefined ? [volume.secret] : volume.projected.sources.map(({ secret }) => secret);
    const items = sources.flatMap((source) => source?.items ?? []);
    assert.ok(items.length === 0 || items.some(({ path }) => `${mount.mountPath}/${path}` === value), `${name}: ${variable} ${value}`);
  }
  for (const { name: volume } of volumeMounts) assert.ok(volumes.some((each) => each.name === volume) || volume === 'data', `${name}: ${volume}`);
}
