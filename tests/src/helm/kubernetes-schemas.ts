import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { goModule } from './go-tool.ts';

/** A JSON Schema, as far as it is changed here. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly 'x-kubernetes-group-version-kind'?: readonly { readonly kind: string; readonly version: string }[];
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
}

interface ResourceDefinition {
  readonly spec: {
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: Schema } }[];
  };
}

const quantity = 'io.k8s.apimachinery.pkg.api.resource.Quantity';

/** Where the kinds come from that are not Kubernetes' own. */
const resourceDefinitions = [
  { module: 'github.com/kedacore/keda/v2', version: 'v2.17.0', file: 'config/crd/bases/keda.sh_scaledobjects.yaml' },
  { module: 'github.com/prometheus-operator/prometheus-operator', version: 'v0.82.0', file: 'example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml' },
  { module: 'github.com/prometheus-operator/prometheus-operator', version: 'v0.82.0', file: 'example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml' },
  { module: 'sigs.k8s.io/gateway-api', version: 'v1.3.0', file: 'config/crd/standard/gateway.networking.k8s.io_httproutes.yaml' },
] as const;

/**
 * A folder of JSON Schemas, `<kind>-<version>.json`, that refuse what they do not know: from the OpenAPI of Kubernetes itself
 * and from the resource definitions of what the chart can use.
 */
export class KubernetesSchemas {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<KubernetesSchemas> {
    const folder = await mkdtemp(join(tmpdir(), 'weir-schemas-'));
    await writeOwnKinds(folder);
    await writeDefinedKinds(folder);
    return new KubernetesSchemas(folder);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }
}

async function writeOwnKinds(folder: string): Promise<void> {
  const kubernetes = await goModule('k8s.io/kubernetes', 'v1.33.0');
  const { definitions } = JSON.parse(readFileSync(join(kubernetes, 'api/openapi-spec/swagger.json'), 'utf8')) as { definitions: Record<string, Schema> };
  const strict = Object.fromEntries(Object.entries(definitions).map(([name, schema]) => [name, name === quantity ? { type: ['string', 'number'] } : makeStrict(schema)]));
  for (const [name, schema] of Object.entries(definitions)) {
    const kinds = schema['x-kubernetes-group-version-kind'];
    const [own] = kinds ?? [];
    if (kinds?.length !== 1 || own === undefined || own.kind.endsWith('List')) continue;
    await writeFile(join(folder, `${own.kind.toLowerCase()}-${own.version}.json`), JSON.stringify({ $ref: `#/definitions/${name}`, definitions: reachable(strict, name) }));
  }
}

async function writeDefinedKinds(folder: string): Promise<void> {
  for (const { module, version, file } of resourceDefinitions) {
    const { spec } = parse(readFileSync(join(await goModule(module, version), file), 'utf8')) as ResourceDefinition;
    for (const { name, schema } of spec.versions) {
      const { properties, ...rest } = schema.openAPIV3Schema;
      const whole = { ...rest, properties: { ...properties, metadata: { type: 'object', additionalProperties: {} } } };
      await writeFile(join(folder, `${spec.names.kind.toLowerCase()}-${name}.json`), JSON.stringify(makeStrict(whole)));
    }
  }
}

/** The definitions that one needs, itself among them. */
function reachable(definitions: Readonly<Record<string, unknown>>, from: string): Readonly<Record<string, unknown>> {
  const found = new Map<string, unknown>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.set(name, definitions[name]);
    for (const [, next = ''] of JSON.stringify(definitions[name]).matchAll(/"#\/definitions\/([^"]+)"/g)) visit(next);
  };
  visit(from);
  return Object.fromEntries(found);
}

/** The same schema, but no property beyond those it names; what is a number or a string in Kubernetes is either here. */
function makeStrict(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(makeStrict);
  if (typeof value !== 'object' || value === null) return value;
  const schema = value as Schema;
  if (schema.format === 'int-or-string' || schema['x-kubernetes-int-or-string'] === true) return { type: ['integer', 'string'] };
  const inner = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, makeStrict(each)]));
  const open = schema.additionalProperties !== undefined || schema['x-kubernetes-preserve-unknown-fields'] === true;
  // A property may itself be called "properties": a schema's own holds schemas, each of which is an object.
  const closes = schema.properties !== undefined && schema.type === 'object' && !open;
  return closes ? { ...inner, additionalProperties: false } : inner;
}
