import type { Plan, PlanRow } from './plan.ts';
import { textTable } from './text-table.ts';

const heads = ['NAME', 'KIND', 'LISTENERS', 'WHAT HAPPENS'] as const;

/** A plan for people: a table and a sum. */
export function planText(plan: Plan): string {
  const cells = plan.rows.map((row) => [row.name, row.kind, String(row.listeners), happening(row)]);
  const lines = [...textTable(heads, cells, [2])];
  if (plan.listenChanges) lines.push('listen has changed: it takes effect when weir is started again');
  if (plan.mastersChange) lines.push('the masters section has changed: what new masters give is served once they have answered');
  if (plan.edgeChanges) lines.push('the edge section has changed: it takes effect at once and disconnects nobody');
  return `${[...lines, '', sum(plan)].join('\n')}\n`;
}

function happening({ happens, kind, disconnected, interrupted, secret }: PlanRow): string {
  if (happens === 'unchanged') return secret ? 'unchanged, unless a password in it is new' : 'unchanged';
  if (disconnected > 0) return `${happens} and disconnects ${listeners(disconnected)}`;
  if (interrupted > 0) return `its source restarts: ${listeners(interrupted)} ${interrupted === 1 ? 'stays' : 'stay'}, with a gap`;
  return kind === 'stream' && happens === 'changes' ? 'changes, and its listeners stay' : happens;
}

function sum({ rows, disconnected, interrupted }: Plan): string {
  const count = (happens: PlanRow['happens']): number => rows.filter((row) => row.happens === happens).length;
  const whom = disconnected + interrupted === 0 ? 'no listener notices' : `${listeners(disconnected)} disconnected, ${interrupted} with a gap`;
  return `starts ${count('starts')}, stops ${count('stops')}, restarts ${count('restarts')}, changes ${count('changes')}, unchanged ${count('unchanged')}: ${whom}`;
}

function listeners(count: number): string {
  return `${count} ${count === 1 ? 'listener' : 'listeners'}`;
}
