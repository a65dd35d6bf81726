import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian keeps servers such as nats-server here, which is in the PATH of root alone. */
const serverFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The full path of the first of these programs that is there, or undefined. */
export function findProgram(...names) {
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== ''), ...serverFolders];
  for (const name of names) {
    for (const folder of folders) {
      if (isExecutable(join(folder, name))) return join(folder, name);
    }
  }
  return undefined;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * The ways to install programs, the first one found wins. `packages` names the column of `programs.mjs`; `commands` are
 * what a person types, in order; `note` is what they must know beside it.
 */
const managers = [
  {
    program: 'apt-get',
    packages: 'debian',
    commands: (names) => [['apt-get', 'update'], ['apt-get', 'install', '--no-install-recommends', ...names]],
  },
  {
    program: 'dnf',
    packages: 'fedora',
    commands: (names) => [['dnf', 'install', ...names]],
    note: 'Fedora has an ffmpeg with libx264 only in the RPM Fusion repository: enable that first.',
  },
  { program: 'pacman', packages: 'arch', commands: (names) => [['pacman', '-S', '--needed', ...names]] },
  { program: 'apk', packages: 'alpine', commands: (names) => [['apk', 'add', ...names]] },
  {
    program: 'brew',
    packages: 'macos',
    commands: (names) => [['brew', 'install', ...names]],
    note: 'Homebrew does not link ffmpeg-full by itself: brew link --force --overwrite ffmpeg-full',
    asUser: true,
  },
];

/** How programs are installed here; undefined when no known package manager is found. */
export function packageManager() {
  const manager = managers.find(({ program }) => findProgram(program) !== undefined);
  if (manager?.packages === 'debian' && isUbuntu()) return { ...manager, packages: 'ubuntu' };
  return manager;
}

function isUbuntu() {
  try {
    return /^ID=ubuntu$/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

export function isRoot() {
  return process.getuid?.() === 0;
}
