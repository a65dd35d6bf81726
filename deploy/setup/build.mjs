import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, say } from './say.mjs';
import { exitCode } from './step.mjs';

const quietMillis = 1500;

/** Compiles what has changed; the compiler's own words are shown whole when it finds errors. */
export async function ensureBuild(root, lock) {
  const marker = join(root, '.setup', 'building');
  const unfinished = existsSync(marker);
  if (!unfinished) forgetDamagedProjects(root);
  writeFileSync(marker, '');
  const slow = setTimeout(() => say('compiling...'), quietMillis);
  const argv = [process.execPath, join(root, 'node_modules/typescript/bin/tsc'), '-b', ...(unfinished ? ['--force'] : [])];
  let output = '';
  const onOutput = (bytes) => (output += bytes);
  const code = await exitCode(argv, { cwd: root, lock, stdio: ['ignore', 'pipe', 'inherit'], onOutput });
  clearTimeout(slow);
  // Only a build that ended well removes the marker: after any other the next one starts over.
  if (code === 0) return rmSync(marker);
  process.stderr.write(output);
  throw new SetupError(`the sources do not compile (tsc -b ended with ${code}): correct the errors above and start again.`);
}

/** Makes the compiler build a project again whose outputs are not all there: it trusts its own notes and does not look. */
function forgetDamagedProjects(root) {
  const { references } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
  for (const { path } of references) {
    const project = join(root, path);
    if (sourcesOf(join(project, 'src')).every((source) => isBuilt(project, source))) continue;
    rmSync(join(project, 'tsconfig.tsbuildinfo'), { force: true });
  }
}

/** Names of the TypeScript sources below a folder, relative to it. */
function sourcesOf(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'));
}

function isBuilt(project, source) {
  return ['.js', '.d.ts'].every((extension) => {
    const output = statSync(join(project, 'dist', source.replace(/\.ts$/, extension)), { throwIfNoEntry: false });
    return output !== undefined && output.size > 0;
  });
}
