import assert from 'node:assert/strict';
import test from 'node:test';
import { namesIn } from './promql.ts';

const cases: readonly (readonly [expression: string, metrics: readonly string[], labels: readonly string[]])[] = [
  ['up', ['up'], []],
  ['sum by (job, stream) (weir_a{reason=~"x|y", kind != "by (z)"})', ['weir_a'], ['reason', 'kind', 'job', 'stream']],
  ['histogram_quantile(0.99, sum by (le) (rate(weir_b_bucket[5m])))', ['weir_b_bucket'], ['le']],
  ['a:b:sum > 0 and on (job) c offset 5m == bool 1e3', ['a:b:sum', 'c'], ['job']],
  ['rate(x[$__rate_interval]) * on () group_left (role) y{job=~"$job"} or vector(0)', ['x', 'y'], ['job', 'role']],
  ['sum(a) without (instance) # of b', ['a'], ['instance']],
];

for (const [expression, metrics, labels] of cases) {
  test(`names in PromQL: ${expression}`, () => {
    assert.deepEqual(namesIn(expression), { metrics, labels });
  });
}
