import type { ReloadOutcome } from '@weir/control';
import type { Metrics } from '@weir/telemetry';

type Result = ReloadOutcome['outcome'];

const results: readonly Result[] = ['reloaded', 'unchanged', 'refused', 'failed'];

/** Tells how reloads went; a process that starts has loaded its configuration. Gives who is to be told of each. */
export function addReloadMetrics(metrics: Metrics): (result: Result) => void {
  let successful = true;
  let successSeconds = Date.now() / 1000;
  const reloads = metrics.count('config_reloads_total', 'Attempts to load the configuration again, by what came of them.', ['result']);
  for (const result of results) reloads.add({ result }, 0);
  metrics.gauge('config_last_reload_successful', '1 when the files were last found good, and what they say was applied.', [], () => [{ labels: {}, value: successful ? 1 : 0 }]);
  metrics.gauge('config_last_reload_success_timestamp_seconds', 'When that was so, in Unix time.', [], () => [{ labels: {}, value: successSeconds }]);
  return (result) => {
    reloads.add({ result });
    successful = result === 'reloaded' || result === 'unchanged';
    if (successful) successSeconds = Date.now() / 1000;
  };
}
