/** `Content-Security-Policy` of every page: this server's own style sheet, script, pictures and streams, and nothing inline. */
export const contentSecurityPolicy: string = [
  "default-src 'none'",
  "img-src 'self'",
  "media-src 'self'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
