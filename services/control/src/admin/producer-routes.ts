import { BusError } from '@weir/bus';
import type { FleetStatus, ProducerStatus } from '@weir/telemetry';
import type { ProducerName } from '@weir/wire';
import { done, refused } from './admin-route.ts';
import type { AdminAnswer, AdminRoute } from './admin-route.ts';
import type { Instances } from './instances.ts';
import { answerOf } from './reply-answer.ts';
import type { StoppedProducers } from './stopped-producers.ts';

/** What feeds and encoders are administered with. */
export interface ProducerRoutesOptions {
  readonly status: () => FleetStatus;
  readonly stopped: StoppedProducers;
  readonly instances: Instances;
}

const summaries = {
  stop: 'Stop it, until it is started or, without NATS, weir is',
  start: 'Let what was stopped run again',
  restart: 'Kill it and start it again at once',
} as const;

type Act = keyof typeof summaries;

/** Stopping, starting and restarting feeds and encoders. */
export function producerRoutes(options: ProducerRoutesOptions): readonly AdminRoute[] {
  return (['feed', 'encoder'] as const).flatMap((kind) =>
    (['stop', 'start', 'restart'] as const).map((act): AdminRoute => ({
      method: 'POST',
      path: `/admin/${kind}s/{name}/${act}`,
      access: 'action',
      summary: `${summaries[act]} (${kind})`,
      answer: ({ parameters: { name = '' } }) => perform(act, { kind, name }, options),
    })),
  );
}

async function perform(act: Act, producer: ProducerName, { status, stopped, instances }: ProducerRoutesOptions): Promise<AdminAnswer> {
  const { kind, name } = producer;
  const known = status()[kind === 'feed' ? 'feeds' : 'encoders'].find((each) => each.name === name);
  // A source of a pattern is not there while it is stopped.
  if (known === undefined && !(act === 'start' && stopped.has(producer))) return refused(404, `There is no ${kind} of this name.`);
  if (act === 'restart') return restart(producer, known, stopped.has(producer), instances);
  const was = stopped.has(producer);
  try {
    await stopped[act](producer);
  } catch (error) {
    if (error instanceof RangeError) return refused(409, error.message);
    const why = error instanceof BusError || error instanceof Error ? error.message : String(error);
    return refused(503, `What is stopped cannot be changed now: ${why}.`);
  }
  if (act === 'stop') return done(was ? `The ${kind} was stopped already.` : `The ${kind} is stopped until it is started.`);
  return done(was ? `The ${kind} runs again as soon as somebody needs it.` : `The ${kind} was not stopped.`);
}

async function restart(producer: ProducerName, known: ProducerStatus | undefined, stopped: boolean, instances: Instances): Promise<AdminAnswer> {
  if (stopped) return refused(409, `The ${producer.kind} is stopped: start it.`);
  if (known === undefined || known.owner === '') return refused(409, `The ${producer.kind} does not run: nobody uses it.`);
  return answerOf(await instances.ask(known.owner, { wants: 'restart', ...producer }), { owner: known.owner });
}
