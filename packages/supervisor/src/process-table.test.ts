import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isLivingMember, livingMembers } from './process-table.ts';
import { membersOf, run, shell } from './toy-run.ts';

test('process table: knows the living members of a group, and not those that have ended', { skip: process.platform !== 'linux' && 'there is no /proc' }, async () => {
  // What the shell has started is collected by nobody once the shell has become cat.
  const toyRun = run(shell('sh -c "exit 0" & sleep 60 & sh -c "sleep 0.1" & printf ready; exec cat'), { inputs: 1 });
  await toyRun.said('ready');
  const group = toyRun.command.pid ?? 0;
  while (membersOf(group) > 2) await sleep(5);
  const members = livingMembers(group) ?? [];
  assert.equal(members.length, 2);
  assert.ok(members.includes(group));
  assert.ok(isLivingMember(group, group));
  assert.ok(!isLivingMember(process.pid, group));
  toyRun.command.stop('seen');
  await toyRun.end();
  assert.deepEqual(livingMembers(group), []);
});
