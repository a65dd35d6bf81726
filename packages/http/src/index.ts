export { formatAddress, localUrl, parseAddress } from './address.ts';
export type { Address } from './address.ts';
export { createApp, isHangUp, printable, uncached } from './app.ts';
export type { OnRequestError } from './app.ts';
export { ListenError, listen } from './server.ts';
export type { Listening } from './server.ts';
export { requestOrigin } from './request-origin.ts';
export { addStatusRoutes } from './status-routes.ts';
