import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';

/** AAC-LC of 48 kHz and one channel has the configuration 1188 (ISO/IEC 14496-3 section 1.6.2); H.264 tells its own in the stream. */
const description = `v=0
o=- 0 0 IN IP4 127.0.0.1
s=camera
t=0 0
m=video 0 RTP/AVP 96
a=rtpmap:96 H264/90000
a=fmtp:96 packetization-mode=1
a=control:track0
m=audio 0 RTP/AVP 97
a=rtpmap:97 MPEG4-GENERIC/48000/1
a=fmtp:97 profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=1188
a=control:track1
`.replaceAll('\n', '\r\n');

/** What a camera does: RTSP 1.0 (RFC 2326) with RTP within the same connection (section 10.12). A real ffmpeg makes the RTP. */
export class RtspCamera {
  readonly #inputs: readonly string[];
  readonly #codecs: readonly string[];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /**
   * @param inputs ffmpeg's words for a picture, then a sound of 48 kHz and one channel
   * @param codecs its words that make them H.264 and AAC
   */
  constructor(inputs: readonly string[], codecs: readonly string[]) {
    this.#inputs = inputs;
    this.#codecs = codecs;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  /** @returns the port of 127.0.0.1 that it listens at */
  async open(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    let text = '';
    socket.setEncoding('latin1').on('data', (bytes: string) => {
      text += bytes;
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        // Reports of the player may stand before a request.
        const [, method, url = '', sequence = '0'] = /([A-Z_]+) (\S+) RTSP\/1\.0\r\n(?:.*\r\n)*?CSeq: *(\d+)/i.exec(text.slice(0, end)) ?? [];
        text = text.slice(end + 4);
        const answer = (headers: string, body = ''): unknown => socket.write(`RTSP/1.0 200 OK\r\nCSeq: ${sequence}\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`);
        const channel = 2 * Number(url.at(-1));
        if (method === 'OPTIONS') answer('Public: DESCRIBE, SETUP, PLAY, TEARDOWN\r\n');
        else if (method === 'DESCRIBE') answer(`Content-Base: ${url}/\r\nContent-Type: application/sdp\r\n`, description);
        else if (method === 'SETUP') answer(`Session: 1\r\nTransport: RTP/AVP/TCP;unicast;interleaved=${channel}-${channel + 1}\r\n`);
        else answer('Session: 1\r\n');
        if (method === 'PLAY') this.#play(socket).catch(() => socket.destroy());
      }
    });
  }

  async #play(socket: Socket): Promise<void> {
    const outputs: string[] = [];
    let encoder: ChildProcess | undefined;
    const ports = [createSocket('udp4'), createSocket('udp4')];
    socket.once('close', () => {
      encoder?.kill('SIGKILL');
      for (const port of ports) port.close();
    });
    for (const [track, port] of ports.entries()) {
      port.bind(0, '127.0.0.1');
      await once(port, 'listening');
      port.on('message', (packet) => {
        // RTCP comes to the same port, and is told from RTP by its type (RFC 5761 section 4).
        const type = packet[1] ?? 0;
        const channel = 2 * track + (type >= 192 && type <= 223 ? 1 : 0);
        if (socket.writable) socket.write(Buffer.concat([Buffer.from([0x24, channel, packet.length >> 8, packet.length & 0xff]), packet]));
      });
      const { port: number } = port.address();
      outputs.push('-map', `${track}:0`, ...this.#codecs, '-f', 'rtp', '-payload_type', `${96 + track}`, `rtp://127.0.0.1:${number}?rtcpport=${number}`);
    }
    if (socket.destroyed) return;
    encoder = spawn('ffmpeg', ['-nostdin', '-v', 'error', '-re', ...this.#inputs, ...outputs], { stdio: 'ignore' });
  }
}
