import type { Bus, Subscription } from '@weir/bus';
import { readInstanceStatus } from '@weir/telemetry';
import type { EdgeStatus } from '@weir/telemetry';
import type { Subjects } from '@weir/wire';
import { siblingMillis } from './limits.ts';

/** What the edge processes that share this one's port last told of themselves. */
export class Siblings {
  readonly #accounts = new Map<string, { account: EdgeStatus; heardMillis: number }>();
  readonly #subscriptions: readonly Subscription[];

  constructor(bus: Bus, subjects: Subjects, names: readonly string[]) {
    this.#subscriptions = names.map((name) =>
      bus.control.subscribe(subjects.status('edge', name), (payload) => {
        const account = readInstanceStatus(payload);
        if (account?.role === 'edge') this.#accounts.set(name, { account, heardMillis: performance.now() });
      }),
    );
  }

  /** Of those that are alive. */
  accounts(nowMillis: number): EdgeStatus[] {
    return [...this.#accounts.values()].flatMap(({ account, heardMillis }) => (nowMillis - heardMillis > siblingMillis ? [] : [account]));
  }

  close(): void {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
  }
}
