import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { anyOf, between, newAddress, rest } from './churn.ts';
import type { Churn } from './churn.ts';
import { fleetPaths, standalonePaths } from './configuration.ts';
import type { Fleet } from './fleet.ts';
import type { Names } from './pushing.ts';

const queries = ['', '', '', '?join=live', '?join=3', '?header=0', '?intra=0'];
const headers = ['', '', 'Icy-MetaData: 1\r\n', 'User-Agent: VLC/3.0.20 LibVLC/3.0.20\r\n', 'Range: bytes=0-\r\n', 'Origin: http://example.org\r\n'];

/** Listeners who come from ever new addresses, stay, leave, stall and are slow. */
export function listen(churn: Churn, fleet: Fleet, names: Names): void {
  const edge = (): string => fleet.urlOf(anyOf(['edge-1', 'edge-2', 'edge-2']));
  const place = (): string => {
    const [origin, path] = Math.random() < 0.8 ? [edge(), anyOf(fleetPaths)] : [fleet.urlOf('standalone'), anyOf(standalonePaths)];
    return origin + path + anyOf(queries);
  };
  churn.often('listeners who stay some seconds', 0.5, 30, async (signal) => using(place(), (socket) => reads(socket, between(0.2, 12), signal)));
  churn.often('listeners who leave at once', 1, 10, async (signal) => using(place(), (socket) => reads(socket, between(0, 0.05), signal)));
  churn.often('listeners who stay a minute', 20, 6, async (signal) => using(place(), (socket) => reads(socket, between(30, 90), signal)));
  churn.often('listeners who stall', 15, 3, async (signal) => using(`${edge()}/wide`, (socket) => stalls(socket, signal)));
  churn.often('listeners who are slow', 15, 3, async (signal) => using(anyOf([`${edge()}/wide`, place()]), (socket) => dawdles(socket, signal)));
  churn.often('listeners who close their half and go on', 10, 3, async (signal) =>
    using(place(), async (socket) => {
      socket.end();
      await reads(socket, 3, signal);
    }),
  );
  churn.often('listeners with an encoder of their own', 20, 2, async (signal) => using(`${edge()}/own.flac`, (socket) => reads(socket, between(0.5, 8), signal)));
  churn.often('listeners of sources that name themselves', 2, 10, async (signal) => {
    const name = names.any();
    if (name === null) return;
    const path = anyOf([`/live/${name}`, `/live/${name}`, `/low/${name}.ogg`, `/stream/live/${name}`]);
    await using(`${edge()}${path}`, (socket) => reads(socket, between(1, 15), signal));
  });
  churn.often('heads of streams', 4, 3, async (signal) => using(place(), (socket) => reads(socket, 0.5, signal), 'HEAD'));
}

/** Asks for a URL on a connection of its own, which is gone afterwards. */
async function using(url: string, use: (socket: Socket) => Promise<void>, method = 'GET'): Promise<void> {
  const { hostname, port, pathname, search } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  socket.write(`${method} ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nX-Forwarded-For: ${newAddress()}\r\n${anyOf(headers)}\r\n`);
  try {
    await use(socket);
  } finally {
    socket.destroy();
  }
}

async function reads(socket: Socket, seconds: number, signal: AbortSignal): Promise<void> {
  socket.resume();
  await rest(seconds, AbortSignal.any([signal, gone(socket)]));
}

/** Reads nothing until the server gives it up. */
async function stalls(socket: Socket, signal: AbortSignal): Promise<void> {
  socket.pause();
  await rest(30, AbortSignal.any([signal, gone(socket)]));
}

async function dawdles(socket: Socket, signal: AbortSignal): Promise<void> {
  const either = AbortSignal.any([signal, gone(socket)]);
  for (let turn = 0; turn < 20 && !either.aborted; turn++) {
    socket.read(16 * 1024);
    await rest(1, either);
  }
}

function gone(socket: Socket): AbortSignal {
  const closed = new AbortController();
  socket.once('close', () => closed.abort());
  return closed.signal;
}
