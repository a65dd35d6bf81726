import type { SourceHeaders } from '@weir/http';

/** What a source says about itself; null where it says nothing. One line each, for people. */
export interface PublisherInfo {
  readonly name: string | null;
  readonly description: string | null;
  readonly genre: string | null;
  readonly url: string | null;
  /** In kbit/s. */
  readonly bitrate: number | null;
  /** Whether directories may list it. */
  readonly public: boolean;
}

const charactersMax = 300;

/** Reads the headers that Icecast, SHOUTcast and older encoders send; of those that mean the same, the first that is there counts. */
export function publisherInfo(headers: SourceHeaders): PublisherInfo {
  const first = (...names: readonly string[]): string | null => {
    const name = names.find((one) => headers.has(one));
    return name === undefined ? null : oneLine(headers.get(name) ?? '', charactersMax) || null;
  };
  const bitrate = Number.parseInt(first('ice-bitrate', 'icy-br', 'x-audiocast-bitrate') ?? audioInfo(headers.get('ice-audio-info') ?? ''), 10);
  return {
    name: first('ice-name', 'icy-name', 'x-audiocast-name'),
    description: first('ice-description', 'icy-description', 'x-audiocast-description'),
    genre: first('ice-genre', 'icy-genre', 'x-audiocast-genre'),
    url: first('ice-url', 'icy-url', 'x-audiocast-url'),
    bitrate: bitrate > 0 && bitrate < 1e6 ? bitrate : null,
    public: Number.parseInt(first('ice-public', 'icy-pub', 'x-audiocast-public', 'icy-public') ?? '0', 10) > 0,
  };
}

/** A client's text in one line of at most so many characters: no control characters, no half of a pair. */
export function oneLine(text: string, max: number): string {
  return text.slice(0, max).replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]+/gu, ' ').trim();
}

/** The bit rate in `ice-audio-info: ice-samplerate=44100;ice-bitrate=128`. */
function audioInfo(value: string): string {
  return /(?:^|;)\s*(?:ice-)?bitrate=(\d+)/i.exec(value)?.[1] ?? '';
}
