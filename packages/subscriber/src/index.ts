export { Demands } from './demands.ts';
export { steadyMillis } from './steady-time.ts';
export { StreamSubscription } from './stream-subscription.ts';
export type { SubscriptionOptions } from './stream-subscription.ts';
