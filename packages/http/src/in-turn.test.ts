import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { createApp } from './app.ts';

describe('requests in turn', () => {
  /** Sends so many at once; gives the turn of the event loop in which each was answered. */
  async function answer(count: number, onAnswer: (request: IncomingMessage) => void): Promise<number[]> {
    let turns = 0;
    let isOver = false;
    const turn = (): void => {
      turns++;
      if (!isOver) setImmediate(turn);
    };
    const answers: number[] = [];
    const app = createApp({ error: assert.fail });
    app.use((context) => {
      answers.push(turns);
      context.body = 'here\n';
      onAnswer(context.req);
    });
    const handle = app.callback();
    const server = createServer((request, response) => void handle(request, response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    turn();
    // In one write: what is parsed of it is asked for in one turn.
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(count)));
    let text = '';
    socket.setEncoding('latin1').on('data', (data) => {
      text += data;
      if (text.split('here').length > count) socket.destroy();
    });
    await once(socket.on('error', () => {}), 'close');
    isOver = true;
    await new Promise((resolve) => server.close(resolve));
    return answers;
  }

  it('are answered one in each turn of the loop', async () => {
    const answers = await answer(50, () => {});
    assert.equal(answers.length, 50);
    assert.equal(new Set(answers).size, 50, String(answers));
  });

  it('are not answered when their client has gone', async () => {
    const answers = await answer(50, ({ socket }) => socket.destroy());
    assert.equal(answers.length, 1);
  });
});
