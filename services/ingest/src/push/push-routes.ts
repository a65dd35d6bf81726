import { sourceIn } from '@weir/config';
import type { AccessConfiguration, AddressRules, PushCredentials } from '@weir/config';
import type { Login, ShoutcastAdmission, ShoutcastHandler, SourceHandler, SourceRequest } from '@weir/http';
import { AddressRules as AddressGate, basicLogin, printable } from '@weir/http';
import type { FormatName } from '@weir/media';
import type { Logger, Metrics } from '@weir/telemetry';
import { shoutcastFeedsMax } from '../limits.ts';
import { contradicts } from './publisher.ts';
import { PushGate } from './push-gate.ts';
import type { PushPoint } from './push-point.ts';

/** Headers of an answer that asks who the client is. */
export const challenge: Readonly<Record<string, string>> = { 'WWW-Authenticate': 'Basic realm="weir", charset="UTF-8"' };

/** What is allowed at a path that is pushed to. */
export const pushMethods = 'PUT, POST, SOURCE, DELETE, OPTIONS';

const busyRetrySeconds = 5;
const stoppedRetrySeconds = 10;

/** Where sources are pushed to under names of their own. */
export interface PatternPlace {
  /** With one `*`. */
  readonly path: string;
  readonly credentials: PushCredentials | 'open';
  readonly addresses: AddressRules;
  readonly format: FormatName | null;
  /** Makes the place for a source, which {@link PushRoutes.at} then has; or tells why there is none. */
  readonly make: (source: string) => { readonly status: number; readonly text: string } | null;
}

/** What has to hold on for a publisher to stay. */
interface Publishing {
  readonly address: string;
  readonly user: string | null;
  /** Of the password; undefined where none is asked. */
  readonly hash: string | undefined;
}

/** Which feed is pushed to at which path. Answers sources, on the HTTP port and on that of SHOUTcast. */
export class PushRoutes implements SourceHandler, ShoutcastHandler {
  readonly #logger: Logger;
  readonly #gate: PushGate;
  /** By path, in the order of the configuration. */
  #points = new Map<string, PushPoint>();
  #patterns: readonly PatternPlace[] = [];
  readonly #gates = new WeakMap<AddressRules, AddressGate>();
  /** Who pushes there, or did last. */
  readonly #publishers = new WeakMap<PushPoint, Publishing>();

  constructor(logger: Logger, metrics: Metrics) {
    this.#logger = logger;
    this.#gate = new PushGate(metrics);
  }

  /** From now on there are these. Publishers at those that are not among them are ended. */
  apply(points: readonly PushPoint[], patterns: readonly PatternPlace[] = [], htpasswd: AccessConfiguration['htpasswd'] = {}): void {
    this.#gate.apply(htpasswd);
    const before = this.#points;
    this.#patterns = patterns;
    this.#points = new Map(points.map((point) => [point.options.path, point]));
    for (const point of before.values()) {
      if (this.at(point.options.path) !== point) point.close('the configuration has changed');
    }
    for (const point of points) {
      const publishing = this.#publishers.get(point);
      if (publishing !== undefined && !this.#mayStay(point, publishing)) point.close('it may not push here any more');
    }
  }

  /** The place that a path pushes to; undefined: none does. */
  at(path: string): PushPoint | undefined {
    return this.#points.get(path);
  }

  /** Whether sources may push to a path. */
  has(path: string): boolean {
    return this.#placeFor(path) !== undefined;
  }

  /** SOURCE is always a source's, and PUT is but for administrators; POST and DELETE where one is pushed. */
  claims(method: string, path: string): boolean {
    if (method === 'SOURCE' || (method === 'PUT' && !path.startsWith('/admin/'))) return true;
    return (method === 'PUT' || method === 'POST' || method === 'DELETE') && this.has(path);
  }

  handle(request: SourceRequest): void {
    this.#answer(request).catch((error: unknown) => {
      this.#logger.error('a source could not be answered', { path: printable(request.path), reason: String(error) });
      request.answer(500, 'Something went wrong here: the log says what.');
    });
  }

  /** The feed that a SHOUTcast password is for: the first that has it, else the first that is open. */
  async admit(password: string, address: string): Promise<ShoutcastAdmission> {
    const point = await this.withPassword(password, address);
    if (point === 'wrong' || point === 'busy') {
      this.#logger.info('SHOUTcast source refused', { address, reason: point === 'busy' ? 'too many logins' : 'no feed has this password' });
      return { refusal: point === 'busy' ? 'too busy, come again' : 'invalid password' };
    }
    return point.taken ? { refusal: 'Mountpoint in use' } : { path: point.options.path };
  }

  /** Whether a login may push to a place; null: the client has not said who it is, which is no failure yet. */
  async verdict({ options: { credentials, addresses } }: PushPoint, login: Login | null, address: string): Promise<'right' | 'wrong' | 'busy'> {
    return this.#admits(addresses, address) ? this.#check(credentials, login, address) : 'wrong';
  }

  #admits(addresses: AddressRules, address: string): boolean {
    const gate = this.#gates.get(addresses) ?? new AddressGate(addresses);
    this.#gates.set(addresses, gate);
    return gate.admits(address);
  }

  #mayStay({ options: { addresses, credentials } }: PushPoint, { address, user, hash }: Publishing): boolean {
    return this.#admits(addresses, address) && (credentials === 'open' || (hash !== undefined && this.#gate.hashOf(credentials, user) === hash));
  }

  async #check(credentials: PushCredentials | 'open', login: Login | null, address: string): Promise<'right' | 'wrong' | 'busy'> {
    if (credentials === 'open') return 'right';
    if (login === null) return 'wrong';
    const verdict = await this.#gate.check([credentials], login, address);
    return typeof verdict === 'string' ? verdict : 'right';
  }

  /** The place that a password is for, where clients say nothing else. */
  async withPassword(password: string, address: string): Promise<PushPoint | 'wrong' | 'busy'> {
    // Sources of a pattern have the same password, which does not say where one of them belongs.
    const points = [...this.#points.values()].filter(({ options: { ofPattern, addresses } }) => !ofPattern && this.#admits(addresses, address));
    const closed = points.flatMap(({ options: { credentials } }) => (credentials === 'open' ? [] : credentials)).slice(0, shoutcastFeedsMax);
    const verdict = await this.#gate.check(closed, { user: null, password }, address);
    if (verdict === 'busy') return 'busy';
    return points.find(({ options: { credentials } }) => credentials === (verdict === 'wrong' ? 'open' : verdict)) ?? 'wrong';
  }

  async #answer(request: SourceRequest): Promise<void> {
    const place = this.#placeFor(request.path);
    if (place === undefined) {
      this.#refuse(request, 404, 'No feed is pushed to at this path: compare the mount of the encoder with "push" in the configuration.');
      return;
    }
    if (!this.#admits(place.addresses, request.address)) {
      this.#refuse(request, 403, 'Sources may not come from this address: "allow" and "deny" at "source" in the configuration say from where.');
      return;
    }
    // A SHOUTcast source has been asked for its password before.
    const login = request.protocol === 'shoutcast' ? null : basicLogin(request.headers.get('authorization'));
    const user = login?.user ?? null;
    const hash = place.credentials === 'open' ? undefined : this.#gate.hashOf(place.credentials, user);
    const verdict = request.protocol === 'shoutcast' ? 'right' : await this.#check(place.credentials, login, request.address);
    if (!request.waiting) return;
    if (verdict === 'busy') {
      this.#refuse(request, 503, `Too many logins at the same time: come again in ${busyRetrySeconds} seconds.`, { 'Retry-After': String(busyRetrySeconds) });
    } else if (verdict === 'wrong') {
      // Who says nothing of itself asks who it is to be: curl and libshout come again at once.
      const level = login === null ? 'debug' : 'info';
      this.#refuse(request, 401, 'User or password is wrong: they stand at "source" in the configuration, and the user is "source" unless another is named there.', challenge, level);
    } else if (this.#placeFor(request.path)?.credentials !== place.credentials) {
      this.#refuse(request, 503, 'The configuration has just changed: come again.', { 'Retry-After': '1' });
    } else if (request.method === 'DELETE') {
      if (this.at(request.path)?.close(`${request.address} ended it by DELETE`) === true) request.answer(204, '');
      else request.answer(404, 'Nobody pushes to this path now.');
    } else if (contradicts(request, place.format)) {
      this.#refuse(request, 415, `The feed is ${place.format}, and the Content-Type of this source says something else: set the one in the encoder, or "format" of the feed.`);
    } else {
      const refusal = this.at(request.path) === undefined ? this.#make(request.path) : null;
      const point = this.at(request.path);
      if (point === undefined) this.#refuse(request, refusal?.status ?? 503, refusal?.text ?? 'The configuration has just changed: come again.');
      else await this.#admit(request, point, { address: request.address, user, hash });
    }
  }

  /** What is pushed to at a path, whether it is there yet or not. A path of its own comes before a pattern. */
  #placeFor(path: string): Pick<PatternPlace, 'addresses' | 'credentials' | 'format'> | undefined {
    return this.at(path)?.options ?? this.#patternFor(path);
  }

  #patternFor(path: string): PatternPlace | undefined {
    return this.#patterns.find((pattern) => sourceIn(pattern.path, path) !== null);
  }

  /** Makes a place for a source of a pattern; tells why not. */
  #make(path: string): ReturnType<PatternPlace['make']> {
    const pattern = this.#patternFor(path);
    return pattern?.make(sourceIn(pattern.path, path) ?? '') ?? null;
  }

  async #admit(request: SourceRequest, point: PushPoint, publishing: Publishing): Promise<void> {
    if (point.options.stopped()) {
      this.#refuse(request, 503, 'An administrator has stopped this feed: come again when it is started.', { 'Retry-After': String(stoppedRetrySeconds) });
      return;
    }
    const claimed = !point.taken && (await point.options.claim());
    if (!request.waiting) return;
    if (!this.#mayStay(point, publishing)) {
      this.#refuse(request, 403, 'Who may push here has just changed.');
    } else if (claimed && this.at(request.path) === point && point.admit(request)) {
      this.#publishers.set(point, publishing);
      this.#logger.info('source accepted', { path: request.path, address: request.address, userAgent: printable(request.headers.get('user-agent') ?? '-') });
    } else {
      this.#refuse(request, 409, 'Mountpoint in use: another source pushes to this path; end it first, or set "takeover: true" for the feed.');
    }
  }

  #refuse(request: SourceRequest, status: number, text: string, headers: Readonly<Record<string, string>> = {}, level: 'info' | 'debug' = 'info'): void {
    this.#logger[level]('source refused', { path: printable(request.path), address: request.address, method: request.method, status });
    request.answer(status, text, headers);
  }
}
