import { request } from 'node:http';

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** Where a redirect leads; null for any other answer. */
  readonly location: string | null;
}

/**
 * Asks on a connection of its own. Null when nobody answers: a published port takes connections before there is anything
 * behind it, and ends them without a word.
 */
export function ask(url: string, method: 'GET' | 'HEAD' = 'GET'): Promise<Answer | null> {
  return new Promise((resolve) => {
    const asking = request(url, { method, agent: false, timeout: 10_000 }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body, location: response.headers.location ?? null }));
      response.once('error', () => resolve(null));
    });
    asking.once('timeout', () => asking.destroy());
    asking.once('error', () => resolve(null));
    asking.end();
  });
}
