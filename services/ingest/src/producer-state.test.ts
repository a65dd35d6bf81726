import assert from 'node:assert/strict';
import test from 'node:test';
import { nextState } from './producer-state.ts';
import type { ProducerEvent, ProducerState } from './producer-state.ts';

const lives: readonly { name: string; events: readonly ProducerEvent['event'][]; moods: readonly ProducerState['mood'][] }[] = [
  { name: 'is woken, gives data, falls silent, recovers and sleeps', events: ['wake', 'data', 'silence', 'data', 'sleep'], moods: ['waking', 'happy', 'hungry', 'happy', 'sleeping'] },
  { name: 'fails before its first byte and is tried again', events: ['wake', 'failed', 'wake', 'data'], moods: ['waking', 'sad', 'waking', 'happy'] },
  { name: 'ends for good', events: ['wake', 'data', 'finished'], moods: ['waking', 'happy', 'ended'] },
  { name: 'is stopped while data flows, and started', events: ['wake', 'data', 'stop', 'start', 'wake'], moods: ['waking', 'happy', 'stopped', 'sleeping', 'waking'] },
  { name: 'falls asleep while it is sad', events: ['wake', 'failed', 'sleep', 'wake'], moods: ['waking', 'sad', 'sleeping', 'waking'] },
];

function event(name: ProducerEvent['event']): ProducerEvent {
  return name === 'failed' ? { event: name, reason: 'why' } : { event: name };
}

for (const { name, events, moods } of lives) {
  test(`producer: ${name}`, () => {
    let state: ProducerState = { mood: 'sleeping', since: 0 };
    const seen = events.map((each, index) => (state = nextState(state, event(each), index + 1)).mood);
    assert.deepEqual(seen, moods);
  });
}

test('producer: since tells when the mood changed, not when it was confirmed', () => {
  const happy = nextState({ mood: 'waking', since: 1 }, { event: 'data' }, 5);
  assert.equal(nextState(happy, { event: 'data' }, 9).since, 5);
});

for (const [mood, name] of [['sleeping', 'data'], ['sleeping', 'failed'], ['sad', 'data'], ['ended', 'finished'], ['waking', 'silence'], ['stopped', 'wake'], ['stopped', 'sleep'], ['stopped', 'data'], ['happy', 'start']] as const) {
  test(`producer: ${name} cannot happen to one that is ${mood}`, () => {
    const state = { mood, since: 0, reason: '' } as ProducerState;
    assert.throws(() => nextState(state, event(name), 1), new RegExp(`"${name}" cannot happen to a source that is ${mood}`));
  });
}
