import { createHash } from 'node:crypto';
import { readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './say.mjs';
import { runStep } from './step.mjs';

/** Installs the npm packages of package-lock.json unless they are all there. Resolves with whether it had to. */
export async function ensurePackages(root, lock) {
  const stamp = join(root, '.setup', 'packages');
  if (readText(stamp) === stateOf(root) && packageProblem(root) === undefined) return false;
  rmSync(stamp, { force: true });
  await runStep({
    root,
    lock,
    name: 'npm',
    line: 'installing npm packages (about half a minute)...',
    // Whatever NODE_ENV or the user's configuration leaves out: the compiler is a development dependency.
    argv: ['npm', 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=notice'],
    advice: 'Check the network and the npm configuration, then start again.',
  });
  const problem = packageProblem(root);
  if (problem !== undefined) throw new SetupError(`npm ci has ended, yet ${problem}. Remove node_modules and start again.`);
  writeFileSync(stamp, stateOf(root));
  return true;
}

/** What a finished installation depends on: both lock files, and the machine that native packages were chosen for. */
function stateOf(root) {
  const hash = createHash('sha256');
  for (const path of ['package-lock.json', 'node_modules/.package-lock.json']) hash.update(readText(join(root, path)) ?? '');
  return `${hash.digest('hex')} ${process.platform} ${process.arch} node ${process.versions.node.split('.')[0]}\n`;
}

/** The first difference between package-lock.json, what npm noted down and what lies in node_modules; undefined when there is none. */
export function packageProblem(root) {
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const noted = JSON.parse(readText(join(root, 'node_modules/.package-lock.json')) ?? '{}').packages ?? {};
  for (const [place, entry] of Object.entries(wanted)) {
    if (!place.includes('node_modules/')) {
      const unlinked = Object.entries(entry.bin ?? {}).find(
        ([command, script]) => !leadsTo(join(root, 'node_modules/.bin', command), join(root, place, script)),
      );
      if (unlinked !== undefined) return `the command ${unlinked[0]} of ${place} is not linked`;
      continue;
    }
    const note = noted[place];
    if (note === undefined && entry.optional) continue; // made for another platform
    if (note?.version !== entry.version || note?.integrity !== entry.integrity) return `${place} is not what package-lock.json asks for`;
    if (entry.link ? !leadsTo(join(root, place), join(root, entry.resolved)) : installedVersion(root, place) !== entry.version) {
      return `${place} is missing or damaged`;
    }
  }
  return undefined;
}

function installedVersion(root, place) {
  try {
    return JSON.parse(readFileSync(join(root, place, 'package.json'), 'utf8')).version;
  } catch {
    return null; // absent, or cut short while it was written
  }
}

function leadsTo(link, target) {
  try {
    return realpathSync(link) === realpathSync(target);
  } catch {
    return false;
  }
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
