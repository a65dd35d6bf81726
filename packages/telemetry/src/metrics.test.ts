import assert from 'node:assert/strict';
import test from 'node:test';
import { Metrics, sumMetrics } from './metrics.ts';

test('metrics: counts, totals, gauges and durations come out in the text format', async () => {
  const metrics = new Metrics('1.2.3', 'up');
  metrics.count('sessions_total', 'Sessions.', ['reason']).add({ reason: 'left' }, 2);
  metrics.seconds('first_byte_seconds', 'First byte.', ['stream']).observe({ stream: 'a' }, 0.02);
  let listeners = [{ labels: { stream: 'a' }, value: 3 }, { labels: { stream: 'b' }, value: 1 }];
  metrics.gauge('listeners', 'Listeners.', ['stream'], () => listeners);
  metrics.total('sent_bytes_total', 'Bytes.', ['stream'], () => [{ labels: { stream: 'a"\n' }, value: 1e12 }]);
  const text = await metrics.text();
  for (const line of [
    'weir_build_info{version="1.2.3",role="up"} 1',
    'weir_sessions_total{reason="left"} 2',
    'weir_first_byte_seconds_bucket{le="0.025",stream="a"} 1',
    'weir_listeners{stream="b"} 1',
    'weir_sent_bytes_total{stream="a\\"\\n"} 1000000000000',
    '# TYPE weir_sent_bytes_total counter',
  ]) {
    assert.ok(text.includes(line), line);
  }
  assert.match(text, /nodejs_eventloop_lag_seconds/);
  listeners = [];
  assert.equal((await metrics.text()).includes('weir_listeners{'), false);
  assert.ok((await metrics.text()).includes('weir_sent_bytes_total{stream="a\\"\\n"} 1000000000000'));
});

test('metrics: a gauge without labels is told only while it has a value', async () => {
  const metrics = new Metrics('1', 'edge');
  let limit = [{ labels: {}, value: 0 }];
  metrics.gauge('listeners_max', 'Limit.', [], () => limit);
  const told = async (): Promise<string | undefined> => /^weir_listeners_max (.*)$/m.exec(await metrics.text())?.[1];
  assert.equal(await told(), '0');
  limit = [];
  assert.equal(await told(), undefined);
  limit = [{ labels: {}, value: 7 }];
  assert.equal(await told(), '7');
});

test('metrics: what is not to be kept is forgotten, with all its other labels, and counts from nothing when it is back', async () => {
  const metrics = new Metrics('1.2.3', 'up');
  const ended = metrics.count('ended_total', 'Ended.', ['stream', 'reason']);
  const firstByte = metrics.seconds('first_byte_seconds', 'First byte.', ['stream']);
  const logins = metrics.count('logins_total', 'Logins.', ['result']);
  for (const stream of ['a', 'b']) {
    ended.add({ stream, reason: 'left' });
    ended.add({ stream, reason: 'stalled' });
    firstByte.observe({ stream }, 0.1);
  }
  logins.add({ result: 'right' });
  await metrics.keepOnly('stream', new Set(['b']));
  const text = await metrics.text();
  assert.doesNotMatch(text, /stream="a"/);
  for (const line of ['weir_ended_total{stream="b",reason="left"} 1', 'weir_first_byte_seconds_count{stream="b"} 1', 'weir_logins_total{result="right"} 1']) assert.ok(text.includes(line), line);
  ended.add({ stream: 'a', reason: 'left' });
  assert.ok((await metrics.text()).includes('weir_ended_total{stream="a",reason="left"} 1'));
});

test('metrics: of several processes add up', async () => {
  const parts = await Promise.all(
    [1, 2].map(async (value) => {
      const metrics = new Metrics('1', 'edge');
      metrics.count('sessions_total', 'Sessions.', ['reason']).add({ reason: 'left' }, value);
      metrics.gauge('listeners', 'Listeners.', ['stream'], () => [{ labels: { stream: 'a' }, value: 10 * value }]);
      const sent: unknown = JSON.parse(JSON.stringify(await metrics.values()));
      return sent as object;
    }),
  );
  const text = await sumMetrics(parts);
  assert.match(text, /^weir_sessions_total\{reason="left"\} 3$/m);
  assert.match(text, /^weir_listeners\{stream="a"\} 30$/m);
});
