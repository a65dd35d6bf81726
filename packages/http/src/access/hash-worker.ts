import { parentPort } from 'node:worker_threads';
import type { HashAnswer, HashQuestion } from './hash-thread.ts';
import { verifyHtpasswd } from './htpasswd-hash.ts';

/** The thread that {@link HashThread} starts: one answer for each question, in order. */
parentPort?.on('message', ({ id, password, hash }: HashQuestion) => {
  let right = false;
  try {
    right = verifyHtpasswd(password, hash);
  } catch {
    // A hash that its library cannot read: nobody has its password.
  }
  const answer: HashAnswer = { id, right };
  parentPort?.postMessage(answer);
});
