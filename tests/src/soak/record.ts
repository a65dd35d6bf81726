import { measures, natsMeasures } from './measures.ts';
import type { Measure, NatsSample, Sample } from './measures.ts';
import { grows, trendOf } from './trend.ts';
import type { Point, Trend } from './trend.ts';

/** What one measure of one service has come to. */
export interface Finding {
  readonly service: string;
  readonly measure: Measure;
  /** Null: the run was too short to tell. */
  readonly trend: Trend | null;
  readonly grows: boolean;
}

interface Series {
  readonly service: string;
  readonly processes: number;
  readonly measure: Measure;
  readonly points: Point[];
}

/** All samples of a run. */
export class Record {
  readonly #points = new Map<string, Series>();

  /** @param processes that are one service: its own, and its workers */
  add(service: string, processes: number, hours: number, sample: Sample): void {
    for (const [key, measure] of Object.entries(measures)) this.#add(service, processes, measure, { hours, value: sample[key as keyof Sample] });
  }

  addNats(hours: number, sample: NatsSample): void {
    for (const [key, measure] of Object.entries(natsMeasures)) this.#add('nats', 1, measure, { hours, value: sample[key as keyof NatsSample] });
  }

  /** Of everything, service by service. */
  get findings(): readonly Finding[] {
    return [...this.#points.values()].map(({ service, processes, measure, points }) => {
      const trend = trendOf(points);
      return { service, measure, trend, grows: trend !== null && grows(trend, measure, processes) };
    });
  }

  #add(service: string, processes: number, measure: Measure, point: Point): void {
    const key = `${service} ${measure.name}`;
    const series = this.#points.get(key) ?? { service, processes, measure, points: [] };
    this.#points.set(key, series);
    series.points.push(point);
  }
}
