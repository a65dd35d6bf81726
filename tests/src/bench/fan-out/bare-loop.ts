/**
 * `bare-loop PORT`: what Node charges for a fan-out beyond the kernel. Reads stdin and `socket.write`s each piece to every socket,
 * nothing else: no HTTP, no look at what `write` answers, nobody is ever too slow.
 */
import { createServer } from 'node:net';
import type { Socket } from 'node:net';

const listeners = new Set<Socket>();
const server = createServer({ noDelay: true }, (socket) => {
  socket.once('data', () => {
    socket.write('HTTP/1.0 200 OK\r\nContent-Type: video/mp2t\r\n\r\n');
    listeners.add(socket);
  });
  socket.on('error', () => socket.destroy());
  socket.once('close', () => listeners.delete(socket));
});
server.listen(Number(process.argv[2]), '127.0.0.1', 4096);
process.stdin.on('data', (bytes: Buffer) => {
  for (const socket of listeners) socket.write(bytes);
});
process.stdin.once('end', () => process.exit(0));
