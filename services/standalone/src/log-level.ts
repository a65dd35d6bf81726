import { answerRequests } from '@weir/bus';
import type { Bus, Subscription } from '@weir/bus';
import type { RootLogger } from '@weir/telemetry';
import { decodeAdminRequest, encodeAdminReply } from '@weir/wire';
import type { AdminReply, AdminRequest, Subjects } from '@weir/wire';

/** Lets administrators say how much this process logs, until it is started again. */
export function answerLogLevel(bus: Bus, subjects: Subjects, instance: string, logger: RootLogger): Subscription {
  return answerRequests(bus.control, subjects.admin(instance), (payload) => {
    const request = decodeAdminRequest(payload);
    return request?.wants === 'log-level' ? encodeAdminReply(setLevel(request, logger)) : null;
  });
}

function setLevel({ level, component }: Extract<AdminRequest, { wants: 'log-level' }>, logger: RootLogger): AdminReply {
  try {
    logger.setLevel(level, component ?? undefined);
  } catch (error) {
    if (error instanceof RangeError) return { is: 'refused', because: 'conflict', why: error.message };
    throw error;
  }
  logger.info('the log level has changed', { level, of: component ?? 'all' });
  return { is: 'done', says: `It logs ${level}.` };
}
