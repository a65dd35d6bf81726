import { masterName } from '@weir/config';
import type { MasterConfiguration } from '@weir/config';
import type { Logger, MasterStatus } from '@weir/telemetry';
import { mirrorLinesMax, refreshJitter } from '../limits.ts';
import type { Catalogue } from './catalogue.ts';
import { catalogueKinds } from './catalogue-kinds.ts';
import type { CatalogueKind } from './catalogue-kinds.ts';
import { requestDocument } from './document.ts';
import { isDeployment, selectStreams } from './selection.ts';
import type { Selection } from './selection.ts';

export interface MasterOptions {
  readonly logger: Logger;
  /** This one. */
  readonly deployment: string;
  /** Called after each look at its catalogue, whatever came of it; never before {@link Master} is made. */
  readonly onLooked: () => void;
}

type Answer = { readonly kind: CatalogueKind; readonly catalogue: Catalogue } | { readonly failure: string };

/** Another server, whose catalogue is looked at again and again. One that does not answer is taken to have what it had. */
export class Master {
  readonly configuration: MasterConfiguration;
  readonly name: string;
  /** Fulfilled after the first look at its catalogue, whatever came of it. */
  readonly looked: Promise<void>;
  readonly #options: MasterOptions;
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  /** What it is, as far as is known. */
  #kind: CatalogueKind | null = null;
  #selection: Selection | null = null;
  #mood: MasterStatus['mood'] = 'waking';
  #since: string = new Date().toISOString();
  #lastError: string | null = null;

  constructor(configuration: MasterConfiguration, options: MasterOptions) {
    this.configuration = configuration;
    this.name = masterName(configuration);
    this.#options = options;
    this.looked = this.#look();
  }

  /** What it last gave; null before its first answer. */
  get selection(): Selection | null {
    return this.#selection;
  }

  /** It did not tell when it was asked last. */
  get silent(): boolean {
    return this.#mood === 'sad';
  }

  status(): MasterStatus {
    return {
      url: this.name,
      mood: this.#mood,
      since: this.#since,
      lastError: this.#lastError,
      software: this.#kind?.software ?? null,
      streams: this.#selection?.offers.size ?? 0,
    };
  }

  close(): void {
    this.#closing.abort();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const answer = await this.#ask();
    if (this.#closing.signal.aborted) return;
    this.#timer = setTimeout(() => void this.#look(), this.configuration.refreshMillis * (1 - refreshJitter * Math.random()));
    if ('failure' in answer) this.#failed(answer.failure);
    else this.#answered(answer.kind, answer.catalogue);
    this.#options.onLooked();
  }

  /** Begins with what it was last time; a failure that is no answer at all ends it. */
  async #ask(): Promise<Answer> {
    const { url } = this.configuration;
    const { username, password } = new URL(url);
    const known = this.#kind;
    const kinds = catalogueKinds.filter((kind) => kind !== known && (!kind.restricted || username !== '' || password !== ''));
    const refusals: string[] = [];
    for (const kind of known === null ? kinds : [known, ...kinds]) {
      const document = await requestDocument(new URL(`${url}${kind.path}`), this.#closing.signal);
      if (document.is === 'failed') return { failure: document.reason };
      const catalogue = document.is === 'whole' ? kind.read(document.text) : null;
      if (catalogue !== null) return this.#judge(kind, catalogue);
      refusals.push(`${kind.path} ${document.is === 'refused' ? `answers ${document.status}` : 'is something else'}`);
    }
    return { failure: `tells nowhere which streams it has (${refusals.join(', ')}): is it a weir of this version, Icecast or savate, and does it want a user and password?` };
  }

  #judge(kind: CatalogueKind, catalogue: Catalogue): Answer {
    const { deployment } = catalogue;
    if (deployment === this.#options.deployment) return { failure: 'is this weir itself: take it out of masters' };
    // An edge has no name before it has a configuration, and no streams then.
    if (deployment !== null && !isDeployment(deployment)) return { failure: 'has no configuration yet, or is no weir of this version' };
    return { kind, catalogue };
  }

  #failed(reason: string): void {
    this.#lastError = reason;
    if (this.#mood === 'sad') return;
    this.#options.logger.warn('a master does not tell its streams: those it has given stay', { master: this.name, reason });
    this.#change('sad');
  }

  #answered(kind: CatalogueKind, catalogue: Catalogue): void {
    const before = this.#selection;
    this.#kind = kind;
    this.#selection = selectStreams(catalogue, this.configuration, this.#options.deployment);
    this.#tellRefused(this.#selection, before);
    if (this.#mood === 'happy') return;
    this.#options.logger.info('a master tells its streams', { master: this.name, software: kind.software, streams: this.#selection.offers.size });
    this.#change('happy');
  }

  /** Each once, and again when it has been gone meanwhile. */
  #tellRefused({ refused, beyond }: Selection, before: Selection | null): void {
    const { logger } = this.#options;
    const news = [...refused].filter(([path]) => before?.refused.has(path) !== true);
    for (const [path, reason] of news.slice(0, mirrorLinesMax)) logger.warn('a stream is not mirrored', { master: this.name, path: path.slice(0, 100), reason });
    if (news.length > mirrorLinesMax) logger.warn('and more streams are not mirrored', { master: this.name, count: news.length - mirrorLinesMax });
    if (beyond > 0 && before?.beyond !== beyond) logger.warn('a master has more streams than are mirrored: choose some by paths', { master: this.name, beyond });
  }

  #change(mood: MasterStatus['mood']): void {
    this.#mood = mood;
    this.#since = new Date().toISOString();
  }
}
