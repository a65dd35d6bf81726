import assert from 'node:assert/strict';
import { once } from 'node:events';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandInput } from './command-input.ts';
import { run, shell, toy } from './toy-run.ts';

const chunk = Buffer.alloc(32 * 1024, 7);

/** Writes chunks as the input takes them; gives the number of times it had to wait. */
async function pump(input: CommandInput, chunks: number): Promise<number> {
  let waits = 0;
  for (let count = 0; count < chunks; count++) {
    if (input.write(chunk)) continue;
    waits++;
    await new Promise<void>((resolve) => (input.onDrain = resolve));
  }
  return waits;
}

/** The nth input of a command started with that many. */
function inputOf(toyRun: ReturnType<typeof run>, index: number): CommandInput {
  const input = toyRun.command.inputs[index];
  assert.ok(input !== undefined);
  return input;
}

for (const [index, pipe] of [[0, '0'], [1, '3'], [2, '4']] as const) {
  test(`input: a slow reader of pipe:${pipe} makes the writer wait and loses nothing`, async () => {
    const toyRun = run(toy('sip', pipe), { inputs: 3 });
    const input = inputOf(toyRun, index);
    const waits = await pump(input, 100);
    input.end();
    assert.ok(!input.open);
    await toyRun.end();
    assert.ok(waits > 0);
    assert.deepEqual(JSON.parse(toyRun.output()), { bytes: 100 * chunk.length, sum: 7 * 100 * chunk.length });
  });
}

test('input: small writes to a reader that keeps up never have to wait', async () => {
  const toyRun = run(shell('cat >/dev/null; echo done'), { inputs: 1 });
  const input = inputOf(toyRun, 0);
  for (let count = 0; count < 100; count++) {
    assert.ok(input.write(Buffer.alloc(1316)));
    if (count % 10 === 0) await sleep(1);
  }
  input.end();
  await toyRun.end();
  assert.equal(toyRun.output(), 'done\n');
});

test('input: two pipes reach the program in order', async () => {
  const toyRun = run(shell('cat; cat <&3; cat <&4'), { inputs: 3 });
  for (const [index, text] of ['audio ', 'video ', 'text'].entries()) {
    inputOf(toyRun, index).write(Buffer.from(text));
    inputOf(toyRun, index).end();
  }
  await toyRun.end();
  assert.equal(toyRun.output(), 'audio video text');
});

for (const [index, pipe] of [[0, 0], [1, 3]] as const) {
  test(`input: writing to a program that has closed pipe:${pipe} is harmless`, async () => {
    const toyRun = run(shell(`exec ${pipe}<&-; printf ready; sleep 60`), { inputs: 2 });
    await toyRun.said('ready');
    const input = inputOf(toyRun, index);
    while (input.open) {
      input.write(chunk);
      await sleep(5);
    }
    assert.ok(input.write(chunk));
    input.end();
    toyRun.command.stop('seen');
    assert.equal((await toyRun.end()).asked, 'seen');
  });
}

test('input: a writer that waits is told when the program ends', async () => {
  const toyRun = run(shell('printf ready; sleep 0.3'), { inputs: 1 });
  await toyRun.said('ready');
  const input = inputOf(toyRun, 0);
  while (input.write(chunk));
  await new Promise<void>((resolve) => (input.onDrain = resolve));
  assert.ok(!input.open);
  await toyRun.end();
});

test('input: what a program writes into its inputs does not stall it', async () => {
  const toyRun = run(shell('head -c 2000000 /dev/zero >&3; echo done'), { inputs: 2 });
  await toyRun.end();
  assert.equal(toyRun.output(), 'done\n');
});

test('input: none means an empty standard input', async () => {
  const toyRun = run(shell('cat; readlink /proc/self/fd/0'));
  await toyRun.end();
  assert.equal(toyRun.output(), '/dev/null\n');
  assert.deepEqual(toyRun.command.inputs, []);
});

test('input: a broken pipe does not raise an unhandled error', async () => {
  const toyRun = run(shell('exit 0'), { inputs: 2 });
  const unhandled = once(process, 'uncaughtExceptionMonitor').then(() => 'raised');
  for (let count = 0; count < 50; count++) {
    for (const input of toyRun.command.inputs) input.write(chunk);
    await sleep(2);
  }
  await toyRun.end();
  assert.equal(await Promise.race([unhandled, sleep(50, 'quiet')]), 'quiet');
});
