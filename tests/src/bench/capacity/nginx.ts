import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../support/free-port.ts';
import { BenchError } from '../fan-out/bench-error.ts';
import type { Bench } from '../fan-out/bench.ts';
import { mediaFlows } from '../fan-out/piped.ts';
import { childrenOf } from '../fan-out/processes.ts';
import { contentTypeOf, pathOf } from '../fan-out/test-stream.ts';
import type { TestStream } from '../fan-out/test-stream.ts';
import type { CapacityServer } from './capacity-server.ts';
import { listenersMax } from './limits.ts';

/** Seconds of media: longer than the longest measurement with its connecting. */
const mediaSeconds = 75;
/** Seconds of MP3 that are taken from its source, which makes it in real time, and repeated. */
const recordSeconds = 2;

const configuration = (port: number, folder: string, played: TestStream): string => `
daemon off;
worker_processes 1;
worker_rlimit_nofile ${listenersMax() + 400};
pid ${folder}/pid;
error_log stderr warn;
events { worker_connections ${listenersMax() + 200}; multi_accept on; use epoll; }
http {
  access_log off;
  sendfile on;
  tcp_nodelay on;
  open_file_cache max=16 inactive=1h;
  output_buffers 1 128k;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / { root ${folder}/media; default_type ${contentTypeOf(played)}; limit_rate ${Math.ceil(played.bitsPerSecond / 8)}; }
  }
}
`;

/** A file from the page cache, at the pace of the stream: what a server can come to that has nothing live to wait for. */
export const nginx: CapacityServer = {
  name: 'nginx',
  title: 'nginx, a file',
  settings:
    "One worker, `sendfile`, `tcp_nodelay`, an open file cache, no access log; `limit_rate` is the stream's bit rate. It sends a second's media at a time and has no source to wait for: an upper bound, not a live server.",
  lateness: 'pause',
  streams: ['radio', 'video', 'wide-video'],
  missing: () => (spawnSync('nginx', ['-v']).error === undefined ? null : 'nginx is not installed'),
  start: async (bench, { played }) => {
    const [port, path] = [await freePort(), pathOf(played)];
    const folder = join(bench.folder, `nginx-${port}`);
    mkdirSync(join(folder, 'media'), { recursive: true });
    // The worker may be another user.
    for (const each of [folder, join(folder, 'media')]) chmodSync(each, 0o755);
    writeMedia(bench, played, join(folder, 'media', path));
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, configuration(port, folder, played));
    const server = bench.processes.start(bench.cores.server, 'nginx', ['-p', folder, '-e', 'stderr', '-c', file]);
    await mediaFlows(server, port, path);
    return { port, path, pid: server.pid, otherPids: childrenOf(server.pid), stop: () => server.stop() };
  },
};

function writeMedia(bench: Bench, played: TestStream, file: string): void {
  const once = played.format === 'mpegts' ? readFileSync(bench.file(played)) : record(bench, played);
  const copies = Math.ceil((mediaSeconds * played.bitsPerSecond) / 8 / once.length);
  writeFileSync(file, Buffer.concat(Array.from({ length: copies }, () => once)));
}

function record(bench: Bench, played: TestStream): Buffer {
  const [program, ...argv] = bench.source(played);
  const { stdout, error } = spawnSync(program, argv, { timeout: recordSeconds * 1000, killSignal: 'SIGTERM' });
  if (stdout === null || stdout.length === 0) throw new BenchError(`${program} gives nothing`, { cause: error });
  return stdout;
}
