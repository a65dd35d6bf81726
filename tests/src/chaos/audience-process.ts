/** The listeners of a chaos run, in a process of their own: what they are told and tell is in audience.ts. */
import { readFileSync } from 'node:fs';
import type { AudienceOrder, AudienceReport, AudienceSetting } from './audience.ts';
import { CheckingListener } from './checking-listener.ts';
import type { CheckedStream } from './checking-listener.ts';
import { UnitIndex } from './continuity.ts';

const listeners: CheckingListener[] = [];
/** Bytes that each had at the last look. */
let looked: readonly number[] = [];

function begin({ streams, edges, count }: AudienceSetting): void {
  const checked: readonly CheckedStream[] = streams.map(({ path, format, keysFile }) => ({
    path,
    format,
    index: keysFile === null ? null : new UnitIndex(new Uint32Array(new Uint8Array(readFileSync(keysFile)).buffer)),
  }));
  for (let number = 0; number < count; number++) {
    const stream = checked[number % checked.length];
    if (stream !== undefined) listeners.push(new CheckingListener(stream, edges, Math.floor(number / checked.length) % edges.length));
  }
}

function report(): AudienceReport {
  const playing = listeners.filter(({ bytes }, index) => bytes > (looked[index] ?? 0)).length;
  looked = listeners.map(({ bytes }) => bytes);
  const silences = listeners.map(({ silenceSeconds }) => silenceSeconds);
  const tracks = listeners.flatMap(({ continuity }) => continuity ?? []);
  return {
    listeners: listeners.length,
    playing,
    dropped: listeners.filter(({ drops }) => drops > 0).length,
    droppedAt: [...new Set(listeners.flatMap(({ droppedAt }) => [...droppedAt]))],
    droppedPaths: [...new Set(listeners.flatMap(({ drops, stream }) => (drops > 0 ? stream.path : [])))],
    refusals: listeners.reduce((sum, { refusals }) => sum + refusals, 0),
    silenceSeconds: Math.max(...silences),
    silentPaths: [...new Set(listeners.flatMap(({ stream }, index) => ((silences[index] ?? 0) > Math.max(...silences) - 0.5 ? stream.path : [])))],
    gaps: Math.max(...tracks.map(({ gaps }) => gaps)),
    missing: tracks.reduce((sum, { missing }) => sum + missing, 0),
    missingListeners: tracks.filter(({ missing }) => missing > 0).length,
    repeated: tracks.reduce((sum, { repeated }) => sum + repeated, 0),
    missingPaths: [...new Set(listeners.flatMap(({ stream, continuity }) => (continuity !== null && continuity.missing > 0 ? stream.path : [])))],
    edges: listeners.reduce<number[]>((counts, { edge }) => {
      counts[edge] = (counts[edge] ?? 0) + 1;
      return counts;
    }, []),
  };
}

process.on('message', (order: AudienceOrder) => {
  if (order.wants === 'begin') begin(order.setting);
  if (order.wants === 'mark') {
    for (const listener of listeners) listener.mark();
    looked = listeners.map(() => 0);
  }
  if (order.wants === 'spread') for (const listener of listeners) listener.goHome();
  process.send?.(report());
});
process.once('disconnect', () => process.exit(0));
