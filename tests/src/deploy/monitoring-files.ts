import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { checkout } from '../support/checkout.ts';

/** What an operator copies to the monitoring of their own. */
export const monitoringFolder: string = join(checkout, 'deploy/monitoring');

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
  readonly datasource: { readonly uid: string };
}

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly Target[];
  readonly fieldConfig: { readonly defaults: { readonly unit: string } };
}

interface Variable {
  readonly name: string;
  readonly type: 'datasource' | 'query';
  readonly query: string | { readonly query: string };
}

/** A dashboard, as far as the tests read it. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
}

export const rules: readonly Rule[] = (
  parse(readFileSync(join(monitoringFolder, 'weir.rules.yml'), 'utf8')) as { groups: readonly { rules: readonly Rule[] }[] }
).groups.flatMap((group) => group.rules);

/** By file name. */
export const dashboards: ReadonlyMap<string, Dashboard> = new Map(
  readdirSync(join(monitoringFolder, 'dashboards')).map((file) => [file, JSON.parse(readFileSync(join(monitoringFolder, 'dashboards', file), 'utf8')) as Dashboard]),
);

/** A dashboard's variables that ask for the values of a label. */
export function labelQueries(dashboard: Dashboard): readonly { readonly selector: string; readonly label: string }[] {
  return dashboard.templating.list.flatMap(({ name, type, query }) => {
    if (type !== 'query') return [];
    const text = typeof query === 'string' ? query : query.query;
    const [, selector, label] = /^label_values\((.+), (\w+)\)$/.exec(text) ?? [];
    if (selector === undefined || label === undefined) throw new Error(`${dashboard.title}: the variable ${name} asks "${text}"`);
    return [{ selector, label }];
  });
}

/** A dashboard's expression as Grafana asks it when everything is selected. */
export function withEverything(expression: string): string {
  return expression.replaceAll('$__rate_interval', '10s').replaceAll(/\$\w+/g, '.+');
}
