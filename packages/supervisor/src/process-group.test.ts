import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from './command.ts';
import { membersOf, run, shell, toy } from './toy-run.ts';

for (const ending of ['exit', 'throw'] as const) {
  test(`process group: nothing is left when the parent ends by ${ending}`, async () => {
    const parent = run(toy('holder', ending));
    const end = await parent.end();
    assert.equal(end.kind === 'exited' && end.code, ending === 'exit' ? 0 : 1);
    const { groups, guards } = JSON.parse(parent.output()) as { groups: number[]; guards: number };
    assert.equal(guards, 1);
    assert.equal(groups.length, 2);
    for (const group of groups) {
      for (let turn = 0; membersOf(group) > 0 && turn < 400; turn++) await sleep(5);
      assert.equal(membersOf(group), 0);
    }
  });
}

test('process group: fifty commands share one exit listener and leave none', async () => {
  const before = process.listenerCount('exit');
  const commands = Array.from({ length: 50 }, () => Command.start({ argv: shell('sleep 60'), inputs: 0, onOutput() {}, onEnd() {} }));
  assert.equal(process.listenerCount('exit'), before + 1);
  for (const command of commands) command.stop('enough');
  await Promise.all(commands.map(async (command) => command.ended));
  assert.equal(process.listenerCount('exit'), before);
});
