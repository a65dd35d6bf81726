import type { Mood } from '@weir/telemetry';

/** What each mood means, in the words of the page's legend. */
export const moodMeanings: Readonly<Record<Mood, string>> = {
  sleeping: 'nobody needs it; it starts when somebody listens',
  waking: 'started, and nothing came yet',
  happy: 'data flows',
  hungry: 'runs, but brings no data',
  sad: 'failed, and will be tried again',
  ended: 'over for good',
  lost: 'the server that ran it vanished',
  stopped: 'an administrator stopped it, until one starts it again',
};

/** True when someone should look. */
export function needsAttention(mood: Mood): boolean {
  return mood === 'sad' || mood === 'lost';
}

/** How many there are of each mood: `3 happy, 1 sad`, in the order of the legend; nothing for none. */
export function countMoods(moods: readonly Mood[]): string {
  return (Object.keys(moodMeanings) as Mood[])
    .map((mood) => ({ mood, count: moods.filter((one) => one === mood).length }))
    .filter(({ count }) => count > 0)
    .map(({ mood, count }) => `${count} ${mood}`)
    .join(', ');
}
