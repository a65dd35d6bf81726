import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../support/free-port.ts';
import { mediaFlows, startPiped } from '../fan-out/piped.ts';
import { pathOf } from '../fan-out/test-stream.ts';
import type { CapacityServer } from './capacity-server.ts';

/**
 * What gives the least delay: nothing is decoded, FFmpeg looks at no more than it must before it begins, and its buffer is short.
 * `max_connections` is the backlog of its port, in which two may wait by default.
 * It is root that starts it where the bench runs as root.
 */
const script = (port: number, path: string): string => `
settings.init.allow_root.set(true)
settings.log.file.set(false)
settings.log.stdout.set(true)
settings.harbor.max_connections.set(4096)
settings.harbor.bind_addrs.set(["127.0.0.1"])
live = input.ffmpeg(self_sync=true, max_buffer=0.5, poll_delay=0.01, format="mp3", int_args=[("probesize", 4096), ("analyzeduration", 0)], {"pipe:0"})
output.harbor(%ffmpeg(format="mp3", write_xing=0, id3v2_version=0, %audio.copy), port=${port}, mount="${path}", format="audio/mpeg", fallible=true, chunk=1024, live)
`;

/** liquidsoap's own HTTP server, harbor. It passes MP3 on as it is; transport streams it would take apart. */
export const liquidsoap: CapacityServer = {
  name: 'liquidsoap',
  title: 'liquidsoap harbor',
  settings: '`input.ffmpeg` with the shortest probe and `output.harbor` with `%audio.copy`: nothing is encoded. Chunks of 1 KiB, burst on connect of 64 KiB, a backlog of 4096 in place of 2. It uses select(), and ends by itself beyond 1024 descriptors.',
  lateness: 'delay',
  streams: ['radio'],
  missing: () => (spawnSync('liquidsoap', ['--version']).error === undefined ? null : 'liquidsoap is not installed'),
  start: async (bench, { played }) => {
    const [port, path] = [await freePort(), pathOf(played)];
    const file = join(bench.folder, `liquidsoap-${port}.liq`);
    writeFileSync(file, script(port, path));
    const { reader, stamper } = startPiped(bench, played, (stdin) => bench.processes.start(bench.cores.server, 'liquidsoap', [file], { stdin }));
    await mediaFlows(reader, port, path);
    const stop = async (): Promise<void> => {
      await Promise.all([reader.stop(), stamper.stop()]);
    };
    return { port, path, pid: reader.pid, otherPids: [], stop };
  },
};
