import { done, refused } from './admin-route.ts';
import type { AdminAnswer } from './admin-route.ts';
import type { InstanceReply } from './instances.ts';

/** What the administrator is told of an instance's reply. */
export function answerOf(reply: InstanceReply, more: object): AdminAnswer {
  switch (reply.is) {
    case 'done':
      return done(reply.says, more);
    case 'refused':
      return refused(reply.because === 'unknown' ? 404 : 409, reply.why, more);
    case 'silent':
      return refused(504, reply.why, more);
    case 'listeners':
      return refused(502, 'The instance answered something else.', more);
  }
}
