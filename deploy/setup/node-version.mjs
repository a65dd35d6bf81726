import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './say.mjs';

/** Refuses a Node older than the `engines` of package.json: what it would fail with later says nothing about its age. */
export function requireNode(root, version = process.versions.node) {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const least = engines.node.replace('>=', '');
  const [major, minor] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = least.split('.').map(Number);
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return;
  throw new SetupError(
    `weir needs Node ${least} or newer; ${process.execPath} is ${version}. Install a newer Node (20, 22 or 24) and start again.`,
  );
}
