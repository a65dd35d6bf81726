/** One line to the person who waits. Standard error: a program's standard output is its own. */
export function say(text) {
  process.stderr.write(`weir setup: ${text}\n`);
}

/** Something the person at the keyboard can put right; `message` tells them how, so no stack is shown. */
export class SetupError extends Error {}
