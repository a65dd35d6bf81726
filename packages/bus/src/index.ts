export { answerRequests } from './answering.ts';
export type { Bucket, BucketOptions, Bus, Channel, CollectLimits, Entry, OnCallbackError, OnMessage, Subscription, Traffic } from './bus.ts';
export { BusError } from './bus-error.ts';
export type { OnDenied } from './denied-subjects.ts';
export { MemoryBus } from './memory-bus.ts';
export { plainAccess, withoutCredentials } from './nats-access.ts';
export type { NatsAccess } from './nats-access.ts';
export { connectNats } from './nats-bus.ts';
export type { NatsOptions } from './nats-bus.ts';
