import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { checkout } from '../support/checkout.ts';
import { goProgram } from './go-tool.ts';

/** The chart's folder. */
export const chartFolder: string = join(checkout, 'helm/weir');

/** The values of `ci/`, by the name before `-values.yaml`. */
export const valuesFiles: ReadonlyMap<string, string> = new Map(
  readdirSync(join(chartFolder, 'ci')).map((file) => [file.replace(/-values\.yaml$/, ''), join(chartFolder, 'ci', file)]),
);

/** A Kubernetes object, as far as the tests read it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever the kind has
  readonly spec: any;
  readonly data?: Readonly<Record<string, string>>;
}

/** How helm ended. */
export interface HelmEnd {
  readonly code: number | null;
  readonly output: string;
  readonly complaints: string;
}

/** The real helm on the chart. */
export class Chart {
  readonly #helm: string;
  /** What was rendered, by the options: it takes the better part of a second. */
  readonly #templates = new Map<string, HelmEnd>();

  private constructor(helm: string) {
    this.#helm = helm;
  }

  static async open(): Promise<Chart> {
    return new Chart(await goProgram('helm.sh/helm/v3/cmd/helm', 'v3.22.0'));
  }

  helm(...words: readonly string[]): HelmEnd {
    const { status, stdout, stderr } = spawnSync(this.#helm, words, { encoding: 'utf8', cwd: chartFolder, maxBuffer: 64e6 });
    return { code: status, output: stdout, complaints: stderr };
  }

  /** What `helm template` makes of the chart as release `rel`; `words` are more options, such as `--set`. */
  template(...words: readonly string[]): HelmEnd {
    const key = words.join('\n');
    const end = this.#templates.get(key) ?? this.helm('template', 'rel', '.', '--namespace', 'live', '--kube-version', '1.33.0', ...words);
    this.#templates.set(key, end);
    return end;
  }

  /** The objects of a release. */
  render(...words: readonly string[]): readonly KubernetesObject[] {
    const { code, output, complaints } = this.template(...words);
    if (code !== 0) throw new Error(`helm template ${words.join(' ')}: ${complaints}`);
    return parseAllDocuments(output).flatMap((document) => {
      const [error] = document.errors;
      if (error !== undefined) throw error;
      const object = document.toJS() as KubernetesObject | null;
      return object === null ? [] : [object];
    });
  }
}

/** The one object of a kind whose name ends so. */
export function pick(objects: readonly KubernetesObject[], kind: string, nameEnd: string): KubernetesObject {
  const found = objects.filter((object) => object.kind === kind && object.metadata.name.endsWith(nameEnd));
  const [object] = found;
  if (object === undefined || found.length > 1) throw new Error(`${found.length} objects of kind ${kind} end in ${nameEnd}`);
  return object;
}

/** Names of the objects of a kind. */
export function namesOf(objects: readonly KubernetesObject[], kind: string): readonly string[] {
  return objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name).sort();
}
