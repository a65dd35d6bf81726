/**
 * The life of a feed or an encoder.
 *
 *     sleeping --wake--> waking --data--> happy <--data/silence--> hungry
 *        ^                  |               |                        |
 *        +---- sleep -------+------ failed --+--> sad --wake--> waking
 *                           +------ finished --> ended
 *
 * From everywhere an administrator's `stop` leads to stopped, where `start` alone leads out: to sleeping.
 */
export type ProducerState =
  | { readonly mood: 'sleeping'; readonly since: number }
  | { readonly mood: 'waking'; readonly since: number }
  | { readonly mood: 'happy'; readonly since: number }
  | { readonly mood: 'hungry'; readonly since: number }
  | { readonly mood: 'sad'; readonly since: number; readonly reason: string }
  | { readonly mood: 'ended'; readonly since: number }
  | { readonly mood: 'stopped'; readonly since: number };

export type ProducerEvent =
  | { readonly event: 'wake' }
  | { readonly event: 'data' }
  | { readonly event: 'silence' }
  | { readonly event: 'failed'; readonly reason: string }
  | { readonly event: 'finished' }
  | { readonly event: 'sleep' }
  | { readonly event: 'stop' }
  | { readonly event: 'start' };

const allowed: Readonly<Record<ProducerEvent['event'], readonly ProducerState['mood'][]>> = {
  wake: ['sleeping', 'sad', 'ended', 'waking', 'happy', 'hungry'],
  data: ['waking', 'happy', 'hungry'],
  silence: ['happy', 'hungry'],
  failed: ['waking', 'happy', 'hungry'],
  finished: ['waking', 'happy', 'hungry'],
  sleep: ['sleeping', 'waking', 'happy', 'hungry', 'sad', 'ended'],
  stop: ['sleeping', 'waking', 'happy', 'hungry', 'sad', 'ended'],
  start: ['stopped'],
};

/**
 * The state after an event; the same object when nothing changes. `nowMillis` is Unix time, for display.
 *
 * @throws TypeError for an event that cannot happen in this state: a fault of the caller
 */
export function nextState(state: ProducerState, event: ProducerEvent, nowMillis: number): ProducerState {
  if (!allowed[event.event].includes(state.mood)) throw new TypeError(`"${event.event}" cannot happen to a source that is ${state.mood}`);
  switch (event.event) {
    case 'wake':
      return { mood: 'waking', since: nowMillis };
    case 'data':
      return state.mood === 'happy' ? state : { mood: 'happy', since: nowMillis };
    case 'silence':
      return state.mood === 'hungry' ? state : { mood: 'hungry', since: nowMillis };
    case 'failed':
      return { mood: 'sad', since: nowMillis, reason: event.reason };
    case 'finished':
      return { mood: 'ended', since: nowMillis };
    case 'sleep':
      return state.mood === 'sleeping' ? state : { mood: 'sleeping', since: nowMillis };
    case 'stop':
      return { mood: 'stopped', since: nowMillis };
    case 'start':
      return { mood: 'sleeping', since: nowMillis };
  }
}
