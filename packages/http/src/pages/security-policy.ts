/** What a page needs beyond this server's own style sheet, scripts, pictures and streams. */
export interface PageNeeds {
  /** Where its streams and pictures are when that is another server, `http://host:port`. */
  readonly streamsOrigin?: string;
  /** It plays what a script has put together (Media Source Extensions). */
  readonly madeMedia?: boolean;
}

/** `Content-Security-Policy` of a page: nothing inline, nothing of anybody else but what it needs. */
export function contentSecurityPolicy({ streamsOrigin = '', madeMedia = false }: PageNeeds): string {
  const streams = streamsOrigin === '' ? '' : ` ${streamsOrigin}`;
  return [
    "default-src 'none'",
    `img-src 'self'${streams}`,
    `media-src 'self'${streams}${madeMedia ? ' blob:' : ''}`,
    "style-src 'self'",
    "script-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
