import type { Load, Times } from './load.ts';
import type { Server } from './server.ts';
import { radio, smallVideo, video } from './test-stream.ts';
import type { TestStream } from './test-stream.ts';

/** What can be measured alone. */
export const caseNames = ['video', 'few', 'radio', 'join', 'stalled', 'most-video', 'most-radio'] as const;
export type CaseName = (typeof caseNames)[number];

/** One stream, the servers that are compared on it, and the loads that each gets one after the other. */
export interface Case {
  readonly name: CaseName;
  readonly title: string;
  readonly stream: TestStream;
  readonly servers: readonly Server['name'][];
  readonly loads: readonly Load[];
  /** What a load must come to, or those after it are left out. */
  readonly limits: { readonly p99Millis: number } | null;
}

const listeners = (count: number): Load => ({ listeners: count, stalled: 0, joins: 0 });

/** All cases; the quick ones have fewer steps. */
export function casesOf(quick: boolean): readonly Case[] {
  const everyone = ['floor', 'bare-loop', 'serve', 'nats', 'icecast'] as const;
  const steps = (counts: readonly number[]): Load[] => (quick ? counts.slice(2, 3) : counts).map(listeners);
  const limits = { p99Millis: 250 };
  return [
    { name: 'video', title: '1000 listeners x 1 Mbit/s', stream: video, servers: everyone, loads: [listeners(1000)], limits: null },
    { name: 'few', title: '100 listeners x 1 Mbit/s', stream: video, servers: ['floor', 'serve', 'nats', 'icecast'], loads: [listeners(100)], limits: null },
    { name: 'radio', title: '2000 listeners x 128 kbit/s, 38 frames a second', stream: radio, servers: ['floor', 'bare-loop', 'serve', 'gathered', 'nats', 'icecast'], loads: [listeners(2000)], limits: null },
    { name: 'join', title: '200 who join while 500 listen, 1 Mbit/s', stream: video, servers: ['serve', 'nats', 'icecast'], loads: [{ listeners: 500, stalled: 0, joins: 200 }], limits: null },
    { name: 'stalled', title: '1000 listeners x 1 Mbit/s, without and with one more that never reads', stream: video, servers: ['serve'], loads: [listeners(1000), { listeners: 1000, stalled: 1, joins: 0 }], limits: null },
    { name: 'most-video', title: 'as many listeners x 1 Mbit/s as one core serves', stream: video, servers: ['serve'], loads: steps([1000, 2000, 4000, 6000]), limits },
    { name: 'most-radio', title: 'as many listeners x 232 kbit/s as one core serves', stream: smallVideo, servers: ['serve'], loads: steps([3000, 6000, 9000, 12_000]), limits },
  ];
}

/** How long one measurement takes, and how often each is made. */
export function timesOf(quick: boolean): Times & { readonly rounds: number } {
  return quick ? { warmUpSeconds: 0.7, windowSeconds: 2, rounds: 1 } : { warmUpSeconds: 2, windowSeconds: 8, rounds: 2 };
}
