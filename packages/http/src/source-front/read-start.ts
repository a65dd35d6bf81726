import type { Socket } from 'node:net';

/** How the start of a connection is read. */
export interface StartReading<T> {
  /** All there is so far, and how much of it was there at the last look. Null: more is needed. It bounds what it asks for. */
  readonly examine: (read: Buffer, known: number) => Start<T> | null;
  /** Called with the socket paused, and the bytes that were not used put back. */
  readonly onRead: (found: T) => void;
  /** The time is over. */
  readonly onExpired: () => void;
  readonly timeoutMillis: number;
}

/** What has been found in so many bytes. */
export interface Start<T> {
  readonly bytesUsed: number;
  readonly found: T;
}

/** Reads as much of a connection as is needed to know what it is. One that ends or fails meanwhile is dropped. */
export function readStart<T>(socket: Socket, { examine, onRead, onExpired, timeoutMillis }: StartReading<T>): void {
  let read: Buffer = Buffer.alloc(0);
  const leave = (): void => {
    clearTimeout(timer);
    socket.off('data', onData).off('end', drop).off('error', drop).off('close', leave);
    socket.pause();
  };
  const drop = (): void => {
    leave();
    socket.destroy();
  };
  const onData = (bytes: Buffer): void => {
    const known = read.length;
    read = known === 0 ? bytes : Buffer.concat([read, bytes]);
    const start = examine(read, known);
    if (start === null) return;
    leave();
    if (start.bytesUsed < read.length) socket.unshift(read.subarray(start.bytesUsed));
    onRead(start.found);
  };
  const timer = setTimeout(() => {
    leave();
    onExpired();
  }, timeoutMillis);
  socket.on('data', onData).on('end', drop).on('error', drop).on('close', leave);
  socket.resume();
}
