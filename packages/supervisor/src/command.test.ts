import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, closeSync, mkdtempSync, openSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Command } from './command.ts';
import type { CommandEnd } from './command-end.ts';
import { describeEnd } from './command-end.ts';
import { run, shell, toy } from './toy-run.ts';

const noProc = process.platform !== 'linux' && 'there is no /proc';

const fates: readonly { name: string; text: string; fate: Partial<CommandEnd> }[] = [
  { name: 'reports exit code 0', text: 'exit 0', fate: { kind: 'exited', code: 0 } },
  { name: 'reports exit code 1 with what was said', text: 'echo no such device >&2; exit 1', fate: { kind: 'exited', code: 1, stderrTail: ['no such device'] } },
  { name: 'reports a signal from elsewhere', text: 'kill -SEGV $$', fate: { kind: 'signalled', signal: 'SIGSEGV' } },
  { name: 'takes a SIGTERM from elsewhere for nothing it asked', text: 'kill -TERM $$', fate: { kind: 'signalled', signal: 'SIGTERM', asked: null } },
];
for (const { name, text, fate } of fates) {
  test(`command: ${name}`, async () => {
    const end = await run(shell(text)).end();
    assert.deepEqual({ ...end, ranMillis: 0 }, { program: 'sh', asked: null, forced: false, ranMillis: 0, stderrTail: [], ...fate });
    assert.ok(end.ranMillis > 0 && end.ranMillis < 30_000);
  });
}

test('command: passes arguments on without a shell', async () => {
  const toyRun = run(['printf', '%s|', '$HOME', '*', 'a b', '; exit 1', '']);
  assert.equal((await toyRun.end()).kind, 'exited');
  assert.equal(toyRun.output(), '$HOME|*|a b|; exit 1||');
});

test('command: keeps what is secret of its own environment to itself', async () => {
  const secret = ['WEIR_CONFIG_KEY', 'WEIR_ADMIN_TOKEN', 'WEIR_NATS', 'WEIR_NATS_PASSWORD'];
  for (const name of [...secret, 'WEIR_TEST_SHOWN']) process.env[name] = 's3cret';
  const toyRun = run(['env']);
  for (const name of [...secret, 'WEIR_TEST_SHOWN']) delete process.env[name];
  await toyRun.end();
  assert.deepEqual(toyRun.output().split('\n').filter((line) => line.endsWith('s3cret')), ['WEIR_TEST_SHOWN=s3cret']);
});

test('command: gives the environment on top of its own, and the working directory', async () => {
  const toyRun = run(shell('echo "$WEIR_TEST ${PATH:+path} $(pwd)"'), { environment: { WEIR_TEST: 'x y' }, cwd: '/' });
  await toyRun.end();
  assert.equal(toyRun.output(), 'x y path /\n');
});

test('command: leads a group and a session of its own', { skip: noProc }, async () => {
  const toyRun = run(shell('read -r _ _ _ _ pgrp session _ < /proc/$$/stat; echo "$$ $pgrp $session"'));
  await toyRun.end();
  const group = toyRun.command.pid;
  assert.equal(toyRun.output(), `${group} ${group} ${group}\n`);
});

/** What the descriptors of this process lead to. */
function openHere(): string[] {
  return readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  });
}

test('command: inherits no descriptor: no file, no socket, no pipe of another command', { skip: noProc }, async (t) => {
  const before = new Set(openHere());
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const file = openSync(fileURLToPath(import.meta.url), 'r');
  const other = run(shell('sleep 60'), { inputs: 2 });
  t.after(() => {
    server.close();
    closeSync(file);
  });
  const opened = openHere().filter((target) => target !== '' && !before.has(target));
  assert.ok(opened.length >= 6, String(opened));
  const toyRun = run(shell('for fd in /proc/$$/fd/*; do readlink $fd; done'));
  await toyRun.end();
  const inherited = toyRun.output().split('\n');
  assert.ok(inherited.includes('/dev/null'));
  assert.deepEqual(opened.filter((target) => inherited.includes(target)), []);
  other.command.stop('seen');
  await other.end();
});

test('command: delivers a large output byte for byte, though the program exits at once', async () => {
  const bytes = 20_000_003;
  const toyRun = run(toy('pour', String(bytes)));
  await toyRun.end();
  const output = Buffer.concat(toyRun.chunks);
  assert.equal(output.length, bytes);
  assert.equal(output.findIndex((byte, index) => byte !== index % 251), -1);
});

test('command: delivers nothing while paused, and everything in the end', async () => {
  let bytes = 0;
  let paused = false;
  let ended = false;
  const command = Command.start({
    argv: toy('pour', '5000000'),
    inputs: 0,
    onOutput(chunk) {
      assert.ok(!paused, 'a chunk came while paused');
      bytes += chunk.length;
      paused = true;
      command.pauseOutput();
      setTimeout(() => {
        paused = false;
        command.resumeOutput();
      }, 2);
    },
    onEnd: () => (ended = true),
  });
  await command.ended;
  assert.ok(ended);
  assert.equal(bytes, 5_000_000);
});

test('command: keeps what a program left in the pipe for as long as its output is paused', async () => {
  const toyRun = run(shell('printf ready; sleep 0.2; head -c 100000 /dev/zero'));
  await toyRun.said('ready');
  toyRun.command.pauseOutput();
  await sleep(1500);
  assert.equal(toyRun.output(), 'ready');
  toyRun.command.resumeOutput();
  assert.equal((await toyRun.end()).kind, 'exited');
  assert.equal(toyRun.output().length, 100_005);
});

test('command: tells when the program has closed its output but lives', async () => {
  const toyRun = run(toy('close-output'), { onOutputClosed: () => toyRun.command.stop('it closed its output') });
  const end = await toyRun.end();
  assert.equal(end.asked, 'it closed its output');
  assert.equal(toyRun.output(), 'last words');
});

test('command: does not take an exit that follows the output for a silent life', async () => {
  let closed = 0;
  await run(shell('echo hi; exec >&-; sleep 0.1'), { onOutputClosed: () => closed++ }).end();
  assert.equal(closed, 0);
});

test('command: a flood on standard error costs neither memory nor the reason at its end', async () => {
  global.gc?.();
  const before = process.memoryUsage().rss;
  let highest = 0;
  const watch = setInterval(() => (highest = Math.max(highest, process.memoryUsage().rss)), 10);
  const toyRun = run(toy('flood', '100000000'));
  const end = await toyRun.end();
  clearInterval(watch);
  assert.deepEqual([end.kind, end.kind === 'exited' && end.code, end.stderrTail.length, end.stderrTail.at(-1)], ['exited', 7, 50, 'the real reason']);
  assert.ok(highest - before < 64 * 1024 * 1024, `${highest - before} bytes`);
  assert.ok(toyRun.lines.length < 101 * (2 + end.ranMillis / 1000), `${toyRun.lines.length} lines passed on`);
});

test('command: gives an unfinished last line of standard error', async () => {
  const toyRun = run(shell('printf "frame=1\\rframe=2\\rbroken" >&2; exit 1'));
  assert.deepEqual((await toyRun.end()).stderrTail, ['broken']);
  assert.deepEqual(toyRun.lines, ['broken']);
});

test('command: explains what cannot be started', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'program');
  writeFileSync(path, '#!/no/such/interpreter\n');
  const failures: readonly [argv: readonly string[], error: string, message: string, cwd?: string][] = [
    [['weir-no-such-program', '-x'], 'ENOENT', 'weir-no-such-program: not found in PATH: install it or give its full path'],
    [['/no/such/program'], 'ENOENT', '/no/such/program: no such file: correct its path'],
    [['true'], 'ENOENT', 'true: working directory /no/such/directory does not exist: create it or correct its path', '/no/such/directory'],
    [[path], 'EACCES', `${path}: may not be executed: check its permissions (chmod +x) and those of its directories`],
    [[folder], 'EACCES', `${folder}: is a directory: give the path of a program`],
    [['true', 'x'.repeat(4_000_000)], 'E2BIG', 'true: its arguments and environment are too long'],
  ];
  for (const [argv, error, message, cwd] of failures) {
    const toyRun = run(argv, { inputs: 2, ...(cwd === undefined ? {} : { cwd }) });
    assert.ok(toyRun.command.inputs[0]?.write(Buffer.from('lost')));
    const end = await toyRun.end();
    assert.equal(toyRun.command.pid, null);
    assert.deepEqual([end.kind, end.kind === 'not-started' && end.error, describeEnd(end)], ['not-started', error, message]);
  }
  chmodSync(path, 0o755);
  assert.equal(describeEnd(await run([path]).end()), `${path}: the interpreter named in its first line does not exist: install it or correct that line`);
});

for (const [name, argv] of [['no program', []], ['a NUL in an argument', ['true', 'a\0b']]] as const) {
  test(`command: with ${name}, is not started and does not throw`, async () => {
    const end = await run(argv).end();
    assert.equal(end.kind, 'not-started');
    assert.match(describeEnd(end), /^(empty command|true): ./);
  });
}

test('command: says what to do when files run out', async () => {
  const toyRun = run(shell(`ulimit -n 40; exec ${toy('open-files').map((word) => `'${word}'`).join(' ')}`));
  await toyRun.end();
  const end = JSON.parse(toyRun.output()) as CommandEnd;
  assert.equal(describeEnd(end), 'sleep: too many open files: raise the limit (ulimit -n)');
});
