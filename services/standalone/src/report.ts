import type { OnCallbackError } from '@weir/bus';
import type { Logger } from '@weir/telemetry';

/** Tells of a fault in a message handler; the bus has gone on. */
export function reportCallbackFaults(logger: Logger): OnCallbackError {
  return (error, subject) => {
    logger.error('a message could not be handled', { subject, stack: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  };
}
