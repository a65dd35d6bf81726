/** RFC 2046 §5.1.1: what stands in front of a part's body. */

/** What a part says of itself between its boundary line and its body. */
export interface PartHead {
  /** True for `image/jpeg` in any of its spellings; null until the part says. */
  isJpeg: boolean | null;
  /** Bytes of the body; null when the part does not say: some cameras send 0 for that. */
  contentLength: number | null;
  /** `X-Timestamp`: seconds with a fraction, as mjpg-streamer and ustreamer write it. */
  timeMicros: number | null;
}

/**
 * The boundary whose delimiter a line (without its line end) is: `--`, up to 70 characters, padding; null for another line.
 * A boundary that begins with dashes keeps them: the line of `--cam` is `----cam`.
 */
export function parseBoundaryLine(line: string): string | null {
  return /^--([\w'()+,\-./:=? ]{0,69}[\w'()+,\-./:=?])[ \t]*$/.exec(line)?.[1] ?? null;
}

/** Notes what one header line (without its line end) says; false when it cannot be one. */
export function readPartField(line: string, head: PartHead): boolean {
  if (line.startsWith(' ') || line.startsWith('\t')) return true; // the field before goes on
  const [, name = '', rest = ''] = /^([!-9;-~]+)[ \t]*:(.*)$/.exec(line) ?? [];
  if (name === '' || name.startsWith('--')) return false;
  const value = rest.trim();
  switch (name.toLowerCase()) {
    case 'content-type':
      head.isJpeg = /^image\/p?jpe?g\b/i.test(value);
      break;
    case 'content-length':
      head.contentLength = /^\d{1,15}$/.test(value) && Number(value) > 0 ? Number(value) : null;
      break;
    case 'x-timestamp':
      head.timeMicros = microsOfSeconds(value);
      break;
  }
  return true;
}

/** Exact for any date: the fraction is not a float on its way. */
function microsOfSeconds(value: string): number | null {
  const [, seconds, fraction = ''] = /^(\d{1,10})(?:\.(\d+))?$/.exec(value) ?? [];
  if (seconds === undefined) return null;
  return Number(seconds) * 1_000_000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}

/** The MIME type of a stream of such parts, the boundary quoted where RFC 2045 §5.1 asks for it. */
export function multipartType(boundary: string): string {
  const isToken = /^[\w'+\-.]+$/.test(boundary);
  return `multipart/x-mixed-replace; boundary=${isToken ? boundary : `"${boundary}"`}`;
}
