import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandEnd } from './command-end.ts';
import { membersOf, run, shell, toy } from './toy-run.ts';

/** Starts a process that takes no notice of SIGTERM and says so. */
const stubbornGrandchild = '(trap "" TERM; printf ready; exec sleep 60) &';

/** True until the process has ended and was collected. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('stop: ends with SIGTERM and keeps the reason', async () => {
  const toyRun = run(shell('printf ready; sleep 60'));
  await toyRun.said('ready');
  toyRun.command.stop('nobody listens');
  const end = await toyRun.end();
  assert.deepEqual([end.kind, end.asked, end.forced], ['signalled', 'nobody listens', false]);
});

test('stop: a program that was itself stopped ends with SIGTERM, too', async () => {
  const toyRun = run(shell('printf ready; kill -STOP $$; sleep 60'));
  await toyRun.said('ready');
  toyRun.command.stop('no bytes for 10 s', { graceMillis: 600_000 });
  const end = await toyRun.end();
  assert.deepEqual([end.kind === 'signalled' && end.signal, end.forced], ['SIGTERM', false]);
});

test('stop: reports the exit code of a program that ends orderly, with its last output', async () => {
  const toyRun = run(shell('trap "echo goodbye; exit 4" TERM; printf ready; read -r _'), { inputs: 1 });
  await toyRun.said('ready');
  toyRun.command.stop('shutdown');
  const end = await toyRun.end();
  assert.deepEqual([end.kind === 'exited' && end.code, end.asked, end.forced], [4, 'shutdown', false]);
  assert.equal(toyRun.output(), 'readygoodbye\n');
});

test('stop: kills a program that takes no notice, after the grace', async () => {
  const toyRun = run(toy('stubborn'));
  await toyRun.said('ready');
  toyRun.command.stop('stalled', { graceMillis: 300 });
  const end = await toyRun.end();
  assert.deepEqual([end.kind === 'signalled' && end.signal, end.asked, end.forced], ['SIGKILL', 'stalled', true]);
  assert.deepEqual(end.stderrTail, ['no']);
});

test('stop: a program that waits for media and heeds no signal meanwhile sees its end', async () => {
  const toyRun = run(shell('trap "" TERM; printf ready; cat >&2; printf goodbye'), { inputs: 1 });
  await toyRun.said('ready');
  toyRun.command.stop('nobody listens', { graceMillis: 60_000 });
  const end = await toyRun.end();
  assert.deepEqual([end.kind === 'exited' && end.code, end.asked, end.forced], [0, 'nobody listens', false]);
  assert.equal(toyRun.output(), 'readygoodbye');
});

test('stop: keeps the first reason, and a second call shortens the grace', async () => {
  const toyRun = run(toy('stubborn'));
  await toyRun.said('ready');
  toyRun.command.stop('first', { graceMillis: 600_000 });
  toyRun.command.stop('second', { graceMillis: 200 });
  toyRun.command.stop('third', { graceMillis: Infinity });
  const end = await toyRun.end();
  assert.deepEqual([end.asked, end.forced], ['first', true]);
  toyRun.command.stop('fourth');
  await sleep(50);
  assert.equal((await toyRun.end()).asked, 'first');
});

test('stop: right after the start, ends the program', async () => {
  const toyRun = run(shell('sleep 60'));
  toyRun.command.stop('changed my mind');
  assert.equal((await toyRun.end()).asked, 'changed my mind');
});

test('stop: of a program that could not be started, keeps why', async () => {
  const toyRun = run(['weir-no-such-program']);
  toyRun.command.stop('changed my mind');
  const end = await toyRun.end();
  assert.deepEqual([end.kind, end.asked], ['not-started', 'changed my mind']);
});

test('stop: is not the reason of a program that had ended before', async () => {
  const toyRun = run(shell(`${stubbornGrandchild} read -r _; exit 3`), { inputs: 1 });
  await toyRun.said('ready');
  toyRun.command.inputs[0]?.end();
  while (exists(toyRun.command.pid ?? 0)) await sleep(5);
  await sleep(20);
  toyRun.command.stop('too late');
  const end = await toyRun.end();
  assert.deepEqual([end.kind === 'exited' && end.code, end.asked, end.forced], [3, null, true]);
});

test('stop: ends a program whose output is paused and full', async () => {
  const toyRun = run(shell('printf ready; exec cat /dev/zero'));
  await toyRun.said('ready');
  toyRun.command.pauseOutput();
  await sleep(100);
  toyRun.command.stop('slow');
  assert.equal((await toyRun.end()).asked, 'slow');
});

const families: readonly { name: string; text: string; stop: boolean; end: Partial<CommandEnd> }[] = [
  { name: 'one that holds the output', text: 'sleep 60 & printf ready; read -r _; exit 3', stop: false, end: { kind: 'exited', code: 3, asked: null, forced: false } },
  { name: 'one that ignores SIGTERM', text: `${stubbornGrandchild} read -r _; exit 3`, stop: false, end: { kind: 'exited', code: 3, asked: null, forced: true } },
  { name: 'one without the output', text: 'sleep 60 >/dev/null 2>&1 & printf ready; read -r _', stop: false, end: { kind: 'exited', code: 1, asked: null, forced: false } },
  { name: 'a pipeline, when asked', text: 'cat /dev/zero | (trap "" TERM; printf ready; exec sleep 60)', stop: true, end: { asked: 'enough', forced: true } },
  { name: 'a deep family, when asked', text: 'sh -c "sh -c \\"sleep 60 & sleep 60\\" & sleep 60" & printf ready; wait', stop: true, end: { asked: 'enough', forced: false } },
];
for (const { name, text, stop, end } of families) {
  test(`grandchildren: none survives: ${name}`, async () => {
    const toyRun = run(shell(text), { inputs: 1 });
    await toyRun.said('ready');
    if (stop) toyRun.command.stop('enough', { graceMillis: 400 });
    toyRun.command.inputs[0]?.end();
    const actual = await toyRun.end();
    assert.deepEqual({ ...actual, ...end }, actual);
  });
}

test('grandchildren: one may end orderly within the grace, and its last words are delivered', async () => {
  const toyRun = run(shell('(trap "sleep 0.3; echo saved; exit" TERM; printf ready; while :; do sleep 0.05; done) & wait'));
  await toyRun.said('ready');
  toyRun.command.stop('shutdown');
  const end = await toyRun.end();
  assert.equal(end.forced, false);
  assert.equal(toyRun.output(), 'readysaved\n');
});

test('grandchildren: one that escaped the group does not hold up the end', async (t) => {
  const toyRun = run(toy('escape'));
  const end = await toyRun.end();
  const escaped = Number(toyRun.output());
  t.after(() => process.kill(escaped, 'SIGKILL'));
  assert.equal(end.kind === 'exited' && end.code, 0);
  assert.equal(membersOf(escaped), 1);
});
