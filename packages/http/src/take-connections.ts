import type { Server, Socket } from 'node:net';

/** Takes a server's new connections away from what has handled them so far; gives what hands one on to it. Who takes last stands first. */
export function takeConnections(server: Server): (socket: Socket) => void {
  const handlers = server.listeners('connection');
  server.removeAllListeners('connection');
  return (socket) => {
    for (const handler of handlers) handler.call(server, socket);
  };
}
