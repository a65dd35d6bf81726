import { randomUUID } from 'node:crypto';
import type { StreamConfiguration } from '@weir/config';
import type { EdgeStreamStatus } from '@weir/telemetry';
import { sessionStream } from '@weir/wire';
import type { Load } from './capacity.ts';
import type { Listener, ListenerEnd } from './listener.ts';
import { Mount } from './mount.ts';
import type { MountSurroundings } from './mount.ts';

/** A path whose stream has an encoder for each listener: what each of them gets is a stream of its own. */
export class ExclusiveMount extends Mount {
  readonly #around: MountSurroundings;
  readonly #sessions = new Set<Mount>();
  /** Of sessions that are over. */
  #past: EdgeStreamStatus | null = null;
  #peak = 0;

  constructor(stream: StreamConfiguration, around: MountSurroundings) {
    super(stream, around);
    this.#around = around;
  }

  override open(): Mount {
    const onIdle = (session: Mount): void => {
      this.#past = this.#added(this.#past, session.status(performance.now()));
      this.#sessions.delete(session);
    };
    const session = new Mount(this.stream, { ...this.#around, onIdle }, sessionStream(this.stream.name, randomUUID()));
    this.#sessions.add(session);
    return session;
  }

  override reconfigure(stream: StreamConfiguration): void {
    super.reconfigure(stream);
    for (const session of this.#sessions) session.reconfigure(stream);
  }

  override get listeners(): ReadonlySet<Listener> {
    return new Set([...this.#sessions].flatMap((session) => [...session.listeners]));
  }

  override lagMillis(listener: Listener): number {
    return [...this.#sessions].find((session) => session.listeners.has(listener))?.lagMillis(listener) ?? 0;
  }

  override get load(): Load {
    const loads = [...this.#sessions].map(({ load }) => load);
    return { listeners: sum(loads, (load) => load.listeners), bitsPerSecond: sum(loads, (load) => load.bitsPerSecond) };
  }

  override get bitsPerSecond(): number {
    return Math.max(0, ...[...this.#sessions].map((session) => session.bitsPerSecond));
  }

  override get behind(): number {
    return sum([...this.#sessions], (session) => session.behind);
  }

  override get delaySeconds(): number | null {
    const delays = [...this.#sessions].flatMap(({ delaySeconds }) => delaySeconds ?? []);
    return delays.length === 0 ? null : Math.max(...delays);
  }

  override tick(nowMillis: number): void {
    for (const session of this.#sessions) session.tick(nowMillis);
  }

  override endAll(reason: ListenerEnd): void {
    for (const session of this.#sessions) session.endAll(reason);
  }

  override close(reason: ListenerEnd): void {
    for (const session of this.#sessions) session.close(reason);
  }

  override status(nowMillis: number): EdgeStreamStatus {
    const status = [...this.#sessions].map((session) => session.status(nowMillis)).reduce((all, each) => this.#added(all, each), this.#past ?? super.status(nowMillis));
    this.#peak = Math.max(this.#peak, this.#sessions.size);
    return { ...status, listeners: this.listeners.size, listenersPeak: this.#peak };
  }

  #added(all: EdgeStreamStatus | null, one: EdgeStreamStatus): EdgeStreamStatus {
    if (all === null) return { ...one, state: 'idle', bitsPerSecondIn: 0, bitsPerSecondOut: 0 };
    return {
      ...one,
      listenersTotal: all.listenersTotal + one.listenersTotal,
      bytesIn: all.bytesIn + one.bytesIn,
      bytesOut: all.bytesOut + one.bytesOut,
      bitsPerSecondIn: all.bitsPerSecondIn + one.bitsPerSecondIn,
      bitsPerSecondOut: all.bitsPerSecondOut + one.bitsPerSecondOut,
      skips: all.skips + one.skips,
      gapsMended: all.gapsMended + one.gapsMended,
      gapsLost: all.gapsLost + one.gapsLost,
    };
  }
}

function sum<T>(all: readonly T[], count: (one: T) => number): number {
  return all.reduce((total, one) => total + count(one), 0);
}
