import { ErrorCode } from 'nats';
import type { Status } from 'nats';
import { deniedSubjectsMax } from './limits.ts';

/** Told what the server does not let this user do; the subject is empty where none is meant. */
export type OnDenied = (operation: 'publish' | 'subscribe' | 'connect', subject: string) => void;

/** Tokens that the library or weir has drawn at random: they differ from one question or process to the next. */
const drawn = /(?<=^|\.)(?:[A-Z0-9]{22}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?=\.|$)/g;

/** How a server refuses the user itself. */
const refusals: readonly string[] = [ErrorCode.AuthorizationViolation, ErrorCode.AuthenticationExpired, ErrorCode.AccountExpired];

/** Tells of each subject that is denied once until the next reconnect, however often it is tried. */
export class DeniedSubjects {
  readonly #onDenied: OnDenied;
  readonly #told = new Set<string>();

  constructor(onDenied: OnDenied) {
    this.#onDenied = onDenied;
  }

  /** Takes every status that the library tells of a connection. */
  hear(status: Status): void {
    if (status.type === 'reconnect') this.#told.clear();
    if (status.type !== 'error') return;
    const { permissionContext, data } = status;
    if (permissionContext !== undefined) {
      this.#tell(permissionContext.operation === 'publish' ? 'publish' : 'subscribe', permissionContext.subject.replaceAll(drawn, '*'));
    } else if (typeof data === 'string' && refusals.includes(data)) {
      this.#tell('connect', '');
    }
  }

  #tell(operation: Parameters<OnDenied>[0], subject: string): void {
    const key = `${operation} ${subject}`;
    if (this.#told.has(key) || this.#told.size >= deniedSubjectsMax) return;
    this.#told.add(key);
    this.#onDenied(operation, subject);
  }
}
