import type { Channel, Subscription } from './bus.ts';

/**
 * Answers what others `collect` from a subject: with the messages that `answer` gives, ended by an empty one. Null: it is for
 * somebody else who listens there, or for nobody.
 */
export function answerRequests(channel: Channel, subject: string, answer: (request: Uint8Array) => readonly Uint8Array[] | null): Subscription {
  return channel.subscribe(subject, (payload, _, reply) => {
    const messages = reply === null ? null : answer(payload);
    if (reply === null || messages === null) return;
    for (const message of messages) channel.publish(reply, message);
    channel.publish(reply, new Uint8Array(0));
  });
}
