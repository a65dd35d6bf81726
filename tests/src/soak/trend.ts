import type { Measure } from './measures.ts';

/** Windows that the second half of a run is divided into; fewer when there are fewer than three samples for each. */
const windowsMax = 10;
const samplesPerWindowMin = 3;

/** So many standard errors above nothing a slope is taken to be there. */
const errorsMin = 3;

/** One value of a measure. */
export interface Point {
  readonly hours: number;
  readonly value: number;
}

/** The line through the least value of each window of the second half. */
export interface Trend {
  /** The least value of the first and of the last window. */
  readonly first: number;
  readonly last: number;
  readonly perHour: number;
  /** Standard error of {@link perHour}. */
  readonly errorPerHour: number;
  /** How much the line rises from the first window to the last. */
  readonly rise: number;
}

/** Least squares over the least values of windows: what is there only while something happens does not count. Null: too few points for three windows. */
export function trendOf(points: readonly Point[]): Trend | null {
  const half = points.slice(Math.floor(points.length / 2));
  const count = Math.min(windowsMax, Math.floor(half.length / samplesPerWindowMin));
  if (count < 3) return null;
  const windows = Array.from({ length: count }, (_, index) => leastOf(half.slice(Math.floor((index * half.length) / count), Math.floor(((index + 1) * half.length) / count))));
  const [meanHours, meanValue] = [mean(windows.map(({ hours }) => hours)), mean(windows.map(({ value }) => value))];
  const spread = sum(windows.map(({ hours }) => (hours - meanHours) ** 2));
  const perHour = sum(windows.map(({ hours, value }) => (hours - meanHours) * (value - meanValue))) / spread;
  const residuals = sum(windows.map(({ hours, value }) => (value - meanValue - perHour * (hours - meanHours)) ** 2));
  const [first, last] = [windows[0] as Point, windows[count - 1] as Point];
  return { first: first.value, last: last.value, perHour, errorPerHour: Math.sqrt(residuals / (count - 2) / spread), rise: perHour * (last.hours - first.hours) };
}

/** Whether it rises by more than the measure allows so many processes an hour and within the half, and more than chance explains. */
export function grows({ perHour, errorPerHour, rise }: Trend, { unit, perHourMax, riseMax }: Measure, processes: number): boolean {
  const units = unit * processes;
  return perHour > perHourMax * units && rise > riseMax * units && perHour > errorsMin * errorPerHour;
}

/** The least value, at the middle of the window. */
function leastOf(points: readonly Point[]): Point {
  return { hours: mean(points.map(({ hours }) => hours)), value: Math.min(...points.map(({ value }) => value)) };
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
