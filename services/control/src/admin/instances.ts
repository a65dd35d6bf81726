import { BusError } from '@weir/bus';
import type { Bus } from '@weir/bus';
import { decodeAdminReply, encodeAdminRequest } from '@weir/wire';
import type { AdminReply, AdminRequest, Subjects } from '@weir/wire';
import { instanceAnswerBytesMax, instanceAnswerMillis } from '../limits.ts';

/** What an instance says; `silent`: nothing, for this reason. */
export type InstanceReply = AdminReply | { readonly is: 'silent'; readonly why: string };

/** Asks single instances of the fleet over the bus. */
export class Instances {
  readonly #bus: Bus;
  readonly #subjects: Subjects;

  constructor(bus: Bus, subjects: Subjects) {
    this.#bus = bus;
    this.#subjects = subjects;
  }

  /** Never rejects. */
  async ask(instance: string, request: AdminRequest): Promise<InstanceReply> {
    const limits = { timeoutMillis: instanceAnswerMillis, bytesMax: instanceAnswerBytesMax };
    try {
      const messages = await this.#bus.control.collect(this.#subjects.admin(instance), encodeAdminRequest(request), limits);
      return decodeAdminReply(messages) ?? { is: 'silent', why: `${instance} gave no answer that this weir understands: run the same weir everywhere.` };
    } catch (error) {
      if (error instanceof RangeError) return { is: 'silent', why: `"${instance}" is no name of an instance.` };
      if (!(error instanceof BusError)) throw error;
      return { is: 'silent', why: `${instance} does not answer: ${error.message}` };
    }
  }
}
