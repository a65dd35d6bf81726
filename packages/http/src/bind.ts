import type { Server } from 'node:net';
import { formatAddress } from './address.ts';
import type { Address } from './address.ts';

/** The port could not be opened; `message` says which, why and what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/**
 * Opens a server's port; gives the address with the real one.
 *
 * @throws ListenError when the address is in use or not allowed
 */
export async function bindServer(server: Server, address: Address): Promise<Address> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, address)));
    server.listen({ host: address.host, port: address.port, backlog: 4096 }, resolve);
  });
  const bound = server.address();
  return { host: address.host, port: bound === null || typeof bound === 'string' ? address.port : bound.port };
}

function explain(error: NodeJS.ErrnoException, address: Address): ListenError {
  const where = formatAddress(address);
  const why =
    error.code === 'EADDRINUSE'
      ? `port ${address.port} is in use by another program: stop it, or choose another port with --listen`
      : error.code === 'EACCES'
        ? `port ${address.port} needs more rights: ports below 1024 are the system's; choose another with --listen`
        : error.message;
  return new ListenError(`cannot listen on ${where}: ${why}`, { cause: error });
}
