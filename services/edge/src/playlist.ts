/** A playlist: a small file that leads a player to the stream. It never wakes a source. */
export interface Playlist {
  readonly contentType: string;
  readonly body: string;
}

/** What a playlist tells of a stream. */
export interface PlaylistEntry {
  /** The stream's URL as the client can reach it. */
  readonly url: string;
  readonly title: string;
}

const writers: ReadonlyMap<string, (entry: PlaylistEntry) => Playlist> = new Map([
  ['.m3u', m3u],
  ['.pls', pls],
  ['.xspf', xspf],
]);

/** The stream's path and the writer, when a path asks for a playlist of `<path of a stream>.m3u`, `.pls` or `.xspf`. */
export function splitPlaylistPath(path: string): { path: string; write: (entry: PlaylistEntry) => Playlist } | null {
  for (const [extension, write] of writers) {
    if (path.endsWith(extension)) return { path: path.slice(0, -extension.length), write };
  }
  return null;
}

/** One URL a line, as Icecast's M3U: no extended tags, so that the oldest players read it. */
function m3u({ url }: PlaylistEntry): Playlist {
  return { contentType: 'audio/x-mpegurl', body: `${url}\r\n` };
}

function pls({ url, title }: PlaylistEntry): Playlist {
  const lines = ['[playlist]', 'NumberOfEntries=1', `File1=${url}`, `Title1=${oneLine(title)}`, 'Length1=-1', 'Version=2', ''];
  return { contentType: 'audio/x-scpls', body: lines.join('\r\n') };
}

/** XML Shareable Playlist Format, version 1 (xspf.org). */
function xspf({ url, title }: PlaylistEntry): Playlist {
  const track = `<track><location>${escapeXml(url)}</location><title>${escapeXml(oneLine(title))}</title></track>`;
  const list = `<playlist version="1" xmlns="http://xspf.org/ns/0/"><title>${escapeXml(oneLine(title))}</title><trackList>${track}</trackList></playlist>`;
  return { contentType: 'application/xspf+xml', body: `<?xml version="1.0" encoding="UTF-8"?>\n${list}\n` };
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ');
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
