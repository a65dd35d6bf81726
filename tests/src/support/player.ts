import { spawn } from 'node:child_process';

export interface Playback {
  readonly code: number | null;
  /** What ffmpeg complained about; empty when nothing. */
  readonly complaints: string;
  /** Frames decoded of each kind. */
  readonly video: number;
  readonly audio: number;
}

/** Plays a URL with the real ffmpeg for some seconds and decodes everything; any decoding error ends it with a code. */
export function play(url: string, seconds: number, extra: readonly string[] = []): Promise<Playback> {
  const argv = ['-nostdin', '-hide_banner', '-v', 'error', '-xerror', ...extra, '-i', url, '-t', String(seconds)];
  const outputs = ['-map', '0:v?', '-map', '0:a?', '-f', 'framecrc', '-'];
  return new Promise((resolve, reject) => {
    const player = spawn('ffmpeg', [...argv, ...outputs], { stdio: ['ignore', 'pipe', 'pipe'] });
    const timer = setTimeout(() => player.kill('SIGKILL'), (seconds + 30) * 1000);
    let complaints = '';
    let listing = '';
    player.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
    player.stdout.setEncoding('utf8').on('data', (text: string) => (listing += text));
    player.once('error', reject);
    player.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, complaints, ...countFrames(listing) });
    });
  });
}

/** `#media_type N: video` names the streams of a framecrc listing, each other line is a frame of one. */
function countFrames(listing: string): { video: number; audio: number } {
  const kinds = new Map([...listing.matchAll(/^#media_type (\d+): (\w+)/gm)].map(([, index = '', kind = '']) => [index, kind]));
  const counts = { video: 0, audio: 0 };
  for (const [, index = ''] of listing.matchAll(/^(\d+),/gm)) {
    const kind = kinds.get(index);
    if (kind === 'video' || kind === 'audio') counts[kind]++;
  }
  return counts;
}
