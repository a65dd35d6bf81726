import { spawnSync } from 'node:child_process';

/** Bytes of a disk that is easily full. */
export const smallDiskBytes: number = 1024 * 1024;

/** Makes a folder a disk of its own, in memory, where this user may do that; whether it is, {@link isSmallDisk} tells. */
export function mountSmallDisk(folder: string): void {
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${smallDiskBytes}`, 'weir-chaos', folder], { stdio: 'ignore' });
}

export function isSmallDisk(folder: string): boolean {
  return spawnSync('mountpoint', ['-q', folder]).status === 0;
}

export function unmount(folder: string): void {
  if (isSmallDisk(folder)) spawnSync('umount', ['-l', folder], { stdio: 'ignore' });
}
