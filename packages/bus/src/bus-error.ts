/** A failure of the bus that callers branch on; `message` says what to do where something can be done. */
export class BusError extends Error {
  override readonly name = 'BusError';
  readonly code: 'no-responder' | 'timeout' | 'too-large' | 'disconnected' | 'no-key-value' | 'denied';

  constructor(code: BusError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
