import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { Weir } from '../support/weir.ts';
import { pick } from './chart.ts';
import type { KubernetesObject } from './chart.ts';

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly fieldRef?: { readonly fieldPath: string }; readonly secretKeyRef?: { readonly name: string; readonly key: string } };
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

/** A container of the chart, as far as it is run here. */
export interface Container {
  readonly args?: readonly string[];
  readonly command?: readonly string[];
  readonly env: readonly Variable[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe: Probe;
  readonly readinessProbe: Probe;
  readonly livenessProbe: Probe;
  readonly lifecycle?: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

interface Items {
  readonly name?: string;
  readonly items?: readonly { readonly key: string; readonly path: string }[];
}

/** What a cluster has beside the chart's objects. */
export interface Cluster {
  readonly objects: readonly KubernetesObject[];
  /** By name, then by key. */
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What is another on this machine: the environment as the chart gives it, with other values. */
  readonly here: (given: Readonly<Record<string, string>>) => Readonly<Record<string, string>>;
  readonly folder: string;
}

/** The environment that the chart gives a container. `$(NAME)` stands for what comes before, as in Kubernetes. */
export function environmentOf({ env }: Container, secrets: Cluster['secrets']): Record<string, string> {
  const given: Record<string, string> = {};
  for (const { name, value, valueFrom } of env) {
    const secret = valueFrom?.secretKeyRef;
    const known = secret === undefined ? (valueFrom?.fieldRef?.fieldPath === 'metadata.name' ? 'pod-1' : value) : secrets[secret.name]?.[secret.key];
    assert.ok(known !== undefined, `${name} has no value here`);
    assert.ok(!(name in given), `${name} is there twice`);
    given[name] = known.replaceAll(/\$\((\w+)\)/g, (_, other: string) => given[other] ?? assert.fail(`${name} names ${other}, which does not come before it`));
  }
  return given;
}

async function status(url: string): Promise<number> {
  return fetch(url).then(
    async (response) => {
      await response.text();
      return response.status;
    },
    () => 0,
  );
}

/** A Deployment's container as a process of this machine: what the chart gives it, but for ports and folders. */
export class Pod {
  readonly weir: Weir;
  /** Of its own ports, by name, `127.0.0.1:port`. */
  readonly addresses: ReadonlyMap<string, string>;
  readonly container: Container;
  readonly graceSeconds: number;

  private constructor(weir: Weir, addresses: ReadonlyMap<string, string>, container: Container, graceSeconds: number) {
    this.weir = weir;
    this.addresses = addresses;
    this.container = container;
    this.graceSeconds = graceSeconds;
  }

  static async start(component: string, cluster: Cluster): Promise<Pod> {
    const { containers, volumes, terminationGracePeriodSeconds } = pick(cluster.objects, 'Deployment', `-${component}`).spec.template.spec as {
      readonly containers: readonly [Container];
      readonly volumes: readonly Volume[];
      readonly terminationGracePeriodSeconds: number;
    };
    const [container] = containers;
    const addresses = new Map<string, string>();
    const moved = new Map<string, string>();
    for (const { name, containerPort } of container.ports) {
      addresses.set(name, `127.0.0.1:${await freePort()}`);
      moved.set(`:${containerPort}`, addresses.get(name) ?? '');
    }
    const root = join(cluster.folder, component);
    for (const { name, mountPath } of container.volumeMounts) {
      const volume = volumes.find((each) => each.name === name);
      assert.ok(volume !== undefined, `there is no volume ${name}`);
      for (const [path, text] of filesOf(volume, cluster)) {
        mkdirSync(dirname(join(root, mountPath, path)), { recursive: true });
        writeFileSync(join(root, mountPath, path), text);
      }
    }
    const given = environmentOf(container, cluster.secrets);
    const local = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, moved.get(value) ?? (value.startsWith('/etc/') ? join(root, value) : value)]));
    const environment = { ...local, ...cluster.here(local) };
    for (const name of Object.keys(environment)) assert.ok(name in given, `${name} is not in the environment that the chart gives`);
    // The images' command where the chart gives no other.
    const argv = container.command ?? container.args ?? [component];
    return new Pod(new Weir(argv, { environment }), addresses, container, terminationGracePeriodSeconds);
  }

  get url(): string {
    return `http://${this.addresses.get('http')}`;
  }

  get health(): string {
    return `http://${this.addresses.get('health')}`;
  }

  started(): Promise<number> {
    return this.#probe(this.container.startupProbe);
  }

  ready(): Promise<number> {
    return this.#probe(this.container.readinessProbe);
  }

  alive(): Promise<number> {
    return this.#probe(this.container.livenessProbe);
  }

  #probe({ httpGet }: Probe): Promise<number> {
    const address = this.addresses.get(httpGet.port);
    assert.ok(address !== undefined, `${httpGet.port} is no port of the container`);
    return status(`http://${address}${httpGet.path}`);
  }
}

interface Volume {
  readonly name: string;
  readonly emptyDir?: object;
  readonly configMap?: { readonly name: string };
  readonly secret?: Items & { readonly secretName: string };
  readonly projected?: { readonly sources: readonly { readonly secret: Items }[] };
}

function filesOf(volume: Volume, { objects, secrets }: Cluster): readonly (readonly [path: string, text: string])[] {
  if (volume.emptyDir !== undefined) return [];
  if (volume.configMap !== undefined) {
    const { name } = volume.configMap;
    return Object.entries(objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name)?.data ?? assert.fail(`there is no ConfigMap ${name}`));
  }
  const sources = volume.secret === undefined ? (volume.projected?.sources ?? []).map(({ secret }) => secret) : [{ ...volume.secret, name: volume.secret.secretName }];
  return sources.flatMap(({ name = '', items }) => {
    const secret = secrets[name] ?? assert.fail(`there is no Secret ${name}`);
    return (items ?? Object.keys(secret).map((key) => ({ key, path: key }))).map(({ key, path }) => [path, secret[key] ?? assert.fail(`Secret ${name} has no ${key}`)] as const);
  });
}
