import type Koa from 'koa';

/**
 * Lets one request be answered in each turn of the event loop, in the order in which they came: however many ask at the same time for
 * what takes a while to make, streams go on between any two answers. Who has hung up meanwhile is not answered.
 */
export function inTurn(): Koa.Middleware {
  const waiting: (() => void)[] = [];
  let isTaken = false;
  const turn = (): void => {
    const next = waiting.shift();
    if (next === undefined) {
      isTaken = false;
      return;
    }
    setImmediate(turn);
    next();
  };
  return async (context, next) => {
    if (isTaken) await new Promise<void>((resolve) => waiting.push(resolve));
    else setImmediate(turn);
    isTaken = true;
    if (context.req.socket.destroyed) context.respond = false;
    else await next();
  };
}
