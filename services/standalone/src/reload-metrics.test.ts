import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { loadConfiguration } from '@weir/config';
import type { ReloadOutcome } from '@weir/control';
import { Metrics } from '@weir/telemetry';
import { addReloadMetrics } from './reload-metrics.ts';
import { Reloader } from './reloader.ts';

type Result = ReloadOutcome['outcome'];

const good = (name: string): string => `streams: { ${name}: { command: [cat] } }\n`;

test('reload metrics: tell what came of each reload, and whether the last one went well', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-reload-metrics-'));
  const file = join(folder, 'weir.yml');
  writeFileSync(file, good('a'));
  const metrics = new Metrics('1', 'control');
  const told = addReloadMetrics(metrics);
  const logger = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {}, child: () => logger };
  let outcome: (outcome: Result) => void = () => {};
  const onOutcome = (result: Result): void => {
    told(result);
    outcome(result);
  };
  const reloader = new Reloader(loadConfiguration([file], {}), { paths: [file], environment: {}, logger, uses: { listen: true, tls: true }, onOutcome });
  context.after(() => {
    reloader.close();
    rmSync(folder, { recursive: true });
  });
  let fails = false;
  reloader.start(() => (fails ? Promise.reject(new Error('no bus')) : Promise.resolve()), false);

  const reload = async (text: string, expected: Result, successful: 0 | 1): Promise<void> => {
    writeFileSync(file, text);
    const done = new Promise<Result>((resolve) => (outcome = resolve));
    reloader.reload();
    assert.equal(await done, expected);
    const lines = await metrics.text();
    assert.match(lines, new RegExp(`^weir_config_reloads_total\\{result="${expected}"\\} 1$`, 'm'));
    assert.match(lines, new RegExp(`^weir_config_last_reload_successful ${successful}$`, 'm'));
  };
  assert.match(await metrics.text(), /^weir_config_last_reload_successful 1$/m);
  await reload('streams: nonsense\n', 'refused', 0);
  await reload(good('b'), 'reloaded', 1);
  await reload(good('b'), 'unchanged', 1);
  fails = true;
  await reload(good('c'), 'failed', 0);
});
