import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './say.mjs';

/**
 * Runs `work` while no other setup of this checkout does.
 *
 * The lock is a file that names the setup and the step it has running; it holds as long as either of the two lives. A
 * setup that was killed therefore keeps its lock until the `npm ci` it left behind has ended too.
 * `work` gets the lock, to tell it of each step with `holdFor(pid)`.
 */
export async function withLock(root, work) {
  const directory = join(root, '.setup');
  mkdirSync(directory, { recursive: true });
  const path = join(directory, 'lock');

  let told = false;
  while (!tryAcquire(path)) {
    const holder = livingHolder(path);
    if (holder === undefined) {
      removeStale(path);
      continue;
    }
    if (!told) say(`waiting for another setup of this checkout (process ${holder}) to end...`);
    told = true;
    await sleep(200);
  }
  try {
    return await work({ holdFor: (pid) => renameSync(writeHolders(path, [process.pid, pid]), path) });
  } finally {
    rmSync(path, { force: true });
  }
}

/** Writes who holds the lock beside it: linked or renamed into place, it is never seen empty. */
function writeHolders(path, pids) {
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, JSON.stringify(pids.map((pid) => ({ pid, started: startOf(pid) }))));
  return beside;
}

function tryAcquire(path) {
  const beside = writeHolders(path, [process.pid]);
  const acquired = tryLink(beside, path);
  rmSync(beside);
  return acquired;
}

function tryLink(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function livingHolder(path) {
  try {
    const holders = JSON.parse(readFileSync(path, 'utf8'));
    return holders.find(({ pid, started }) => startOf(pid) === started && started !== null)?.pid;
  } catch {
    return undefined; // gone in the meantime, or not written by a setup
  }
}

/** Of several setups that find a stale lock only one renames it; if it caught a fresh one instead, it puts that back. */
function removeStale(path) {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (livingHolder(aside) !== undefined) tryLink(aside, path);
  rmSync(aside, { force: true });
}

/** When a process started, in whatever unit the system has, so that a recycled process id is not taken for it; null when there is none. */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? null : fields[18];
  } catch {
    if (process.platform === 'linux') return null;
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}
