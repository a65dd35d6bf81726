import { execFile, spawnSync } from 'node:child_process';
import { findProgram, isRoot, packageManager } from './platform.mjs';
import { SetupError, say } from './say.mjs';
import { runStep } from './step.mjs';

/**
 * Installs the programs that are missing, where that needs no password; otherwise stops with the command to type.
 * Resolves with whether it had to install any.
 */
export async function ensurePrograms(root, lock, needs) {
  const missing = await findMissing(needs);
  if (missing.length === 0) return false;
  const manager = packageManager();
  const asRoot = isRoot() ? [] : ['sudo', '-n'];
  if (manager?.program !== 'apt-get' || !(isRoot() || sudoNeedsNoPassword())) throw new SetupError(whatToType(missing, manager));

  await installWithApt(root, lock, asRoot, missing, packagesFor(missing, manager));
  const still = await findMissing(needs);
  if (still.length > 0) {
    throw new SetupError(`apt-get has ended without an error, yet:\n${list(still)}\nAnother program of that name may come first in the PATH.`);
  }
  return true;
}

/** The needs that are not met, each with the `reason`. */
async function findMissing(needs) {
  const checked = await Promise.all(needs.map(async (need) => ({ ...need, reason: await shortcoming(need) })));
  return checked.filter(({ reason }) => reason !== undefined);
}

async function shortcoming({ programs, probes = [] }) {
  if (findProgram(...programs) === undefined) return 'not found';
  const complaints = await Promise.all(probes.map(complaint));
  return complaints.find((text) => text !== undefined);
}

/** What a probe says when it fails, in its first line; undefined when it succeeds. */
function complaint(probe) {
  const [name, ...args] = probe.split(' ');
  const program = findProgram(name);
  if (program === undefined) return Promise.resolve(`${name} not found`);
  return new Promise((resolve) => {
    execFile(program, args, { timeout: 30_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(undefined);
      else resolve(stderr.trim().split('\n')[0] || `"${probe}" fails`);
    });
  });
}

/**
 * One attempt as things are; then, since the package lists may be absent or out of date and an earlier apt-get may have
 * been killed half-way, one more after both have been put right. Nothing is ever removed.
 */
async function installWithApt(root, lock, asRoot, missing, packages) {
  const quietly = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive'];
  const apt = [...quietly, 'apt-get', '--yes', '--option', 'DPkg::Lock::Timeout=300'];
  const install = [...apt, 'install', '--no-install-recommends', '--no-remove'];
  const step = (name, argv, advice) => runStep({ root, lock, name, argv, advice });
  say(`installing ${missing.map(({ programs }) => programs[0]).join(', ')} with apt-get (about a minute)...`);
  if (await step('apt-get-install', [...install, ...packages])) return;
  await step('dpkg', [...quietly, 'dpkg', '--configure', '-a']);
  await step('apt-get-update', [...apt, 'update'], 'Check the network and the package sources, then start again.');
  await step('apt-get-repair', [...install, '--fix-broken']);
  await step('apt-get-install', [...install, ...packages], 'Install the programs it names by hand, then start again.');
}

function packagesFor(missing, { packages }) {
  return [...new Set(missing.flatMap((need) => need.packages[packages] ?? need.packages.debian))];
}

function sudoNeedsNoPassword() {
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
}

function whatToType(missing, manager) {
  const what = `programs are missing:\n${list(missing)}\n`;
  if (manager === undefined) return `${what}Install them with the package manager of this system, then start again.`;
  const sudo = manager.asUser || isRoot() ? '' : 'sudo ';
  const commands = manager.commands(packagesFor(missing, manager)).map((argv) => sudo + argv.join(' '));
  const note = manager.note === undefined ? '' : `\n${manager.note}`;
  return `${what}Type this, then start again:\n  ${commands.join(' && ')}${note}`;
}

function list(missing) {
  return missing.map(({ programs, purpose, reason }) => `  ${programs.join(' or ')} (${purpose}): ${reason}`).join('\n');
}
