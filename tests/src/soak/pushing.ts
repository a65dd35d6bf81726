import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { anyOf, between, newAddress, rest } from './churn.ts';
import type { Churn } from './churn.ts';
import { password, patternPath } from './configuration.ts';
import type { Fleet } from './fleet.ts';

/** Bytes a second of the MP3 that is pushed, and how often it goes out. */
const bytesPerSecond = 4000;
const writesPerSecond = 4;

/** Names that sources have given themselves and that are there now. */
export class Names {
  readonly #now: string[] = [];
  #ever = 0;

  /** One that nobody had before. */
  add(): string {
    const name = `source-${++this.#ever}`;
    this.#now.push(name);
    return name;
  }

  delete(name: string): void {
    this.#now.splice(this.#now.indexOf(name), 1);
  }

  any(): string | null {
    return this.#now.length === 0 ? null : anyOf(this.#now);
  }
}

/** Sources that come, send, and go: at a path of their own, under ever new names, with wrong passwords, where another one is. */
export function push(churn: Churn, fleet: Fleet, names: Names): void {
  const media = readFileSync(fleet.media.jingle);
  const ingest = (): string => fleet.urlOf(anyOf(['ingest-1', 'ingest-2']));
  churn.often('sources at a path', 25, 1, (signal) => send(`${ingest()}/studio.mp3`, media, between(5, 40), signal));
  churn.often('sources that take over from another', 90, 1, (signal) => send(`${ingest()}/studio.mp3`, media, between(5, 15), signal));
  churn.often('sources that name themselves', 6, 5, async (signal) => {
    const name = names.add();
    try {
      await send(anyOf([ingest(), ingest(), fleet.urlOf('standalone')]) + patternPath + name, media, between(1, 25), signal);
    } finally {
      names.delete(name);
    }
  });
  churn.often('sources under a name that is taken', 20, 2, (signal) => send(`${ingest()}${patternPath}${names.any() ?? 'nobody'}`, media, 2, signal));
  churn.often('sources with a wrong password', 10, 2, (signal) => send(`${anyOf([ingest(), fleet.urlOf('standalone')])}${patternPath}x${Date.now()}`, media, 1, signal, 'wrong'));
  churn.often('sources without sense', 30, 2, (signal) => send(`${ingest()}${patternPath}nonsense-${Date.now()}`, Buffer.alloc(60_000, 'no'), 3, signal));
  churn.often('titles', 5, 2, async () => {
    const query = new URLSearchParams({ mount: anyOf(['/studio.mp3', `${patternPath}${names.any() ?? 'nobody'}`]), mode: 'updinfo', song: `Song ${Date.now()}` });
    const headers = { Authorization: `Basic ${btoa(`source:${password}`)}` };
    await (await fetch(`${ingest()}/admin/metadata?${query}`, { headers })).arrayBuffer();
  });
}

/** Sends at the pace of the media for so long, in the manner of one client or another; then ends, or breaks off. */
async function send(url: string, media: Buffer, seconds: number, signal: AbortSignal, word: string = password): Promise<void> {
  const { hostname, port, pathname } = new URL(url);
  const chunked = Math.random() < 0.5;
  const first = chunked ? `PUT ${pathname} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n` : `SOURCE ${pathname} ICE/1.0\r\n`;
  const socket = connect(Number(port), hostname);
  const closed = new AbortController();
  socket.on('error', () => {}).once('close', () => closed.abort());
  socket.resume();
  socket.write(`${first}Host: ${hostname}:${port}\r\nX-Forwarded-For: ${newAddress()}\r\nAuthorization: Basic ${btoa(`source:${word}`)}\r\nContent-Type: audio/mpeg\r\nIce-Name: Soak ${Date.now()}\r\n\r\n`);
  const either = AbortSignal.any([signal, closed.signal]);
  const size = bytesPerSecond / writesPerSecond;
  for (let turn = 0; turn < seconds * writesPerSecond && !either.aborted; turn++) {
    const at = (turn * size) % (media.length - size);
    const bytes = media.subarray(at, at + size);
    socket.write(chunked ? Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]) : bytes);
    await rest(1 / writesPerSecond, either);
  }
  if (Math.random() < 0.5) {
    if (chunked) socket.write('0\r\n\r\n');
    socket.end();
    await rest(1, either);
  }
  socket.destroy();
}
