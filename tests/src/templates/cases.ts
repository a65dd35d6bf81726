/** What a listener must get from a template. */
export interface Expected {
  /** ffmpeg's name of the codec of the picture, and its size; left out without a picture. */
  readonly video?: { readonly codec: string; readonly size: string };
  /** ffmpeg's name of the codec of the sound; left out without sound. */
  readonly audio?: string;
  /** Seconds between two key frames. */
  readonly keyframes?: number;
  /** Mean luma, 16 to 235, at least, of the whole picture or of a part as ffmpeg's crop filter names it (w:h:x:y). */
  readonly luma?: { readonly min: number; readonly part?: string };
}

/** A template, and what a stream or a row gives it. */
export interface Case extends Expected {
  readonly template: string;
  readonly parameters: Readonly<Record<string, string | number>>;
}

const small = { codec: 'h264', size: '160x120' };
const light = { bitrate: '150k', keyframes: 1, preset: 'ultrafast' };

/** Encoders of one feed: H.264 of 160x120 pixels with a white bar on black, and a tone in AAC. FOLDER stands for a folder of the test. */
export const encoderCases: readonly Case[] = [
  { template: 'h264-zerolatency', parameters: light, video: small, audio: 'aac', keyframes: 1 },
  { template: 'h264', parameters: { ...light, width: 80 }, video: { codec: 'h264', size: '80x60' }, audio: 'aac', keyframes: 1 },
  { template: 'h265', parameters: { bitrate: '150k', keyframes: 1 }, video: { codec: 'hevc', size: '160x120' }, audio: 'aac', keyframes: 1 },
  { template: 'h264-mp4', parameters: light, video: small, audio: 'aac', keyframes: 1 },
  { template: 'vp9', parameters: { bitrate: '150k', keyframes: 1 }, video: { codec: 'vp9', size: '160x120' }, audio: 'opus', keyframes: 1 },
  { template: 'mpjpeg', parameters: { rate: 25 }, video: { codec: 'mjpeg', size: '160x120' } },
  { template: 'hls-ts', parameters: { bitrate: '150k', preset: 'ultrafast', segment: 1 }, video: small, audio: 'aac', keyframes: 1 },
  { template: 'scale', parameters: { ...light, width: 320, height: 120 }, video: { codec: 'h264', size: '320x120' }, audio: 'aac', keyframes: 1 },
  { template: 'deinterlace', parameters: light, video: small, audio: 'aac', keyframes: 1 },
  { template: 'mp3', parameters: { bitrate: '64k' }, audio: 'mp3' },
  { template: 'aac', parameters: { bitrate: '64k' }, audio: 'aac' },
  { template: 'opus', parameters: { bitrate: '32k' }, audio: 'opus' },
  { template: 'vorbis', parameters: { bitrate: '64k', channels: 1 }, audio: 'vorbis' },
  { template: 'sound', parameters: {}, audio: 'aac' },
  // Black but for what they draw.
  { template: 'text', parameters: { ...light, text: '%{localtime} MMMM', y: 0, size: 16 }, video: small, audio: 'aac', keyframes: 1, luma: { min: 25, part: '100:16:30:0' } },
  { template: 'text-file', parameters: { ...light, file: 'FOLDER/news.txt', y: 0, size: 16 }, video: small, audio: 'aac', keyframes: 1, luma: { min: 25, part: '60:16:50:0' } },
  { template: 'logo', parameters: { ...light, file: 'FOLDER/logo.png' }, video: small, audio: 'aac', keyframes: 1, luma: { min: 200, part: '30:30:113:17' } },
];

/** Feeds. FOLDER stands for a folder of the test, PORT for a port of the template's own, SCREEN for an X server. */
export const sourceCases: readonly Case[] = [
  { template: 'test-picture', parameters: { size: '160x120', rate: 10, keyframes: 1 }, video: small, keyframes: 1 },
  { template: 'test-tone', parameters: { bitrate: '48k' }, audio: 'aac' },
  { template: 'test-card', parameters: { size: '160x120', rate: 10, keyframes: 1 }, video: small, audio: 'aac', keyframes: 1 },
  { template: 'file-loop', parameters: { file: 'FOLDER/one.mp4' }, video: small, audio: 'aac' },
  { template: 'playlist', parameters: { list: 'FOLDER/list.txt', width: 160, height: 120, rate: 10, keyframes: 1 }, video: small, audio: 'aac', keyframes: 1 },
  { template: 'rtsp', parameters: { url: 'rtsp://127.0.0.1:PORT/camera' }, video: small, audio: 'aac' },
  { template: 'rtmp', parameters: { url: 'rtmp://127.0.0.1:PORT/live/camera' }, video: small, audio: 'aac' },
  { template: 'srt', parameters: { url: 'srt://127.0.0.1:PORT' }, video: small, audio: 'aac' },
  { template: 'hls', parameters: { url: 'http://127.0.0.1:PORT/live.m3u8' }, video: small, audio: 'aac' },
  { template: 'http', parameters: { url: 'http://127.0.0.1:PORT/live.ts' }, video: small, audio: 'aac' },
  { template: 'rtmp-listen', parameters: { address: '127.0.0.1:PORT', key: 'live/me' }, video: small, audio: 'aac' },
  { template: 'srt-listen', parameters: { address: '127.0.0.1:PORT' }, video: small, audio: 'aac' },
  { template: 'alsa', parameters: { device: 'tone', bitrate: '64k' }, audio: 'aac' },
  { template: 'screen', parameters: { display: 'SCREEN', size: '160x120', rate: 10, keyframes: 1 }, video: small, keyframes: 1 },
];

/** Encoders of several feeds, in several-feeds.test.ts. */
export const severalFeedsTemplates: readonly string[] = ['mux', 'mux-by-clock', 'picture-in-picture', 'mosaic-4x4'];

/** What no test runs, and what that would need. */
export const needs: Readonly<Record<string, string>> = {
  v4l2: 'a camera or capture card',
  'v4l2-jpeg': 'a camera that makes JPEG',
  'v4l2-alsa': 'a camera',
  pulse: 'a PulseAudio or PipeWire server',
  'h264-nvenc': 'an NVIDIA card',
};
