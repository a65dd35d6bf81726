// Makes a checkout ready: `node deploy/setup/setup.mjs run` to start weir, `... test` to test it as well.
// Node's own modules only: it runs before any package is there.
import { fileURLToPath } from 'node:url';
import { ensureBuild } from './build.mjs';
import { withLock } from './lock.mjs';
import { requireNode } from './node-version.mjs';
import { ensurePackages } from './npm.mjs';
import { needsOf } from './programs.mjs';
import { SetupError, say } from './say.mjs';
import { ensurePrograms } from './system.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

async function main() {
  const purpose = process.argv[2];
  if (purpose !== 'run' && purpose !== 'test') throw new SetupError('usage: node deploy/setup/setup.mjs run|test');
  requireNode(root);
  const changed = await withLock(root, async (lock) => {
    // What must be typed by hand comes first: nobody should wait for npm to be told about ffmpeg.
    const installed = await ensurePrograms(root, lock, needsOf(purpose));
    const downloaded = await ensurePackages(root, lock);
    await ensureBuild(root, lock);
    return installed || downloaded;
  });
  // `npm start` and `npm test` go on with their own words; `npm run setup` would end without any.
  if (changed || process.env.npm_lifecycle_event === 'setup') say('everything is there');
}

main().catch((error) => {
  // A system call that was refused (no permission, no space) explains itself as well.
  say(error instanceof SetupError || error.syscall !== undefined ? error.message : error.stack);
  process.exitCode = 1;
});
