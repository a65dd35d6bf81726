import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FormatName } from '@weir/media';

/** Who listens to what. */
export interface AudienceSetting {
  /** `keysFile`: null where an encoder makes the stream anew, and only its silence is looked at. */
  readonly streams: readonly { readonly path: string; readonly format: FormatName; readonly keysFile: string | null }[];
  readonly edges: readonly string[];
  readonly count: number;
}

export type AudienceOrder = { readonly wants: 'begin'; readonly setting: AudienceSetting } | { readonly wants: 'mark' | 'report' | 'spread' };

/** How the listeners fared since they were last marked. */
export interface AudienceReport {
  readonly listeners: number;
  /** Of these, those who have got media since the report before. */
  readonly playing: number;
  /** Listeners whose answer ended; the edges, by their number, and the streams they were at. */
  readonly dropped: number;
  readonly droppedAt: readonly number[];
  readonly droppedPaths: readonly string[];
  /** Requests that were not answered with media. */
  readonly refusals: number;
  /** The longest time that any listener had no media, and of which streams. */
  readonly silenceSeconds: number;
  readonly silentPaths: readonly string[];
  /** The most that any listener had. */
  readonly gaps: number;
  /** Units that the sources played and listeners did not get, all listeners together; how many of them missed some, and of what. */
  readonly missing: number;
  readonly missingListeners: number;
  readonly missingPaths: readonly string[];
  readonly repeated: number;
  /** Listeners at each edge. */
  readonly edges: readonly number[];
}

/** Listeners that check what they get, in a process of their own, so that nothing which is measured waits for them. */
export class Audience {
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#process = child;
  }

  static async begin(setting: AudienceSetting): Promise<Audience> {
    const audience = new Audience(fork(join(import.meta.dirname, 'audience-process.js')));
    await audience.#order({ wants: 'begin', setting });
    return audience;
  }

  /** What was so far counts no more. */
  mark(): Promise<AudienceReport> {
    return this.#order({ wants: 'mark' });
  }

  /** Back to the edges where they began. */
  spread(): Promise<AudienceReport> {
    return this.#order({ wants: 'spread' });
  }

  report(): Promise<AudienceReport> {
    return this.#order({ wants: 'report' });
  }

  async leave(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const gone = once(this.#process, 'exit');
    this.#process.disconnect();
    await gone;
  }

  async #order(order: AudienceOrder): Promise<AudienceReport> {
    const answer = once(this.#process, 'message') as Promise<[AudienceReport]>;
    this.#process.send(order);
    return (await answer)[0];
  }
}
