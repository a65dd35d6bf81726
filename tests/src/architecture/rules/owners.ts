import { isBuiltin } from 'node:module';
import { sampleWorkspace, type Rule } from '../rule.ts';

const routes = /^services\/[^/]+\/src\/(.*\/)?[^/]*routes?\.ts$/;
const tests = /^tests\/|\.test(ing)?\.ts$/;

/** Where each module of someone else may be imported. Node's own are free unless they stand here. */
const owners: readonly { readonly module: string; readonly in: readonly RegExp[] }[] = [
  { module: 'nats', in: [/^packages\/bus\//] },
  { module: 'winston', in: [/^packages\/telemetry\//] },
  { module: 'prom-client', in: [/^packages\/telemetry\//] },
  { module: 'yaml', in: [/^packages\/config\//, tests] },
  { module: 'zod', in: [/^packages\/config\//] },
  { module: 'koa', in: [/^packages\/http\//, routes] },
  { module: '@koa/router', in: [/^packages\/http\//, routes] },
  { module: 'eta', in: [/^packages\/http\//] },
  { module: 'mpegts.js', in: [/^packages\/http\//] },
  { module: 'bcryptjs', in: [/^packages\/http\//] },
  { module: 'node:child_process', in: [/^packages\/supervisor\//, tests] },
  { module: 'fast-check', in: [tests] },
  { module: 'playwright-core', in: [tests] },
  { module: 'axe-core', in: [tests] },
  { module: 'ajv', in: [tests] },
];

/** One owner for each third party. */
export const thirdPartyOwners: Rule = {
  name: 'each third party has one owner',
  check: ({ workspaces }) =>
    workspaces.flatMap(({ sources }) =>
      sources.flatMap(({ path, imports }) =>
        imports.flatMap(({ specifier, line }) => {
          const problem = problemWith(specifier, path);
          return problem === undefined ? [] : [`${path}:${line}: ${problem}`];
        }),
      ),
    ),
  broken: [
    { name: 'nats in a service', files: sampleWorkspace('services/edge', { 'a.ts': "import { connect } from 'nats';" }), says: /edge\/src\/a\.ts:1: nats may be imported only in/ },
    { name: 'a part of a package', files: sampleWorkspace('packages/http', { 'a.ts': "import * as z from 'zod/mini';" }), says: /zod may be imported only in/ },
    { name: 'koa beside the routes', files: sampleWorkspace('services/edge', { 'edge.ts': "import Koa from 'koa';" }), says: /koa may be imported only in/ },
    { name: 'a process that is not supervised', files: sampleWorkspace('services/ingest', { 'a.ts': "import { spawn } from 'node:child_process';" }), says: /node:child_process may be imported only in/ },
    { name: 'a new third party', files: sampleWorkspace('packages/http', { 'a.ts': "import x from 'left-pad';" }), says: /left-pad has no owner/ },
    { name: "a module of Node's without its prefix", files: sampleWorkspace('packages/http', { 'a.ts': "import { readFile } from 'fs';" }), says: /write node:fs/ },
  ],
};

function problemWith(specifier: string, path: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('@weir/')) return undefined;
  if (isBuiltin(specifier) && !specifier.startsWith('node:')) return `${specifier} is one of Node's modules; write node:${specifier}`;
  const module = packageName(specifier);
  const row = owners.find((owner) => owner.module === module);
  if (row === undefined) {
    return specifier.startsWith('node:') ? undefined : `${module} has no owner; name one in tests/src/architecture/rules/owners.ts and its reason in README.md`;
  }
  if (row.in.some((place) => place.test(path))) return undefined;
  return `${module} may be imported only in ${row.in.map(String).join(' or ')}; use what its owner offers, or let it offer more`;
}

/** `zod` for `zod/mini`, `@koa/router` for itself. */
export function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
