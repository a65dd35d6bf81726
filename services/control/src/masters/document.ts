import { MediaRequest } from '@weir/http';
import { catalogueBytesMax, catalogueMillis } from '../limits.ts';

/** What came of asking for a document. */
export type Document =
  | { readonly is: 'whole'; readonly text: string }
  /** It answers, but not with this document. */
  | { readonly is: 'refused'; readonly status: number }
  | { readonly is: 'failed'; readonly reason: string };

/** Gets a document over HTTP, bounded in bytes and time. A user and password of the URL go to its own origin alone. */
export function requestDocument(url: URL, signal: AbortSignal): Promise<Document> {
  return new Promise((resolve) => {
    const parts: Uint8Array[] = [];
    let bytes = 0;
    const settle = (document: Document): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      request.stop();
      resolve(document);
    };
    const fail = (reason: string): void => settle({ is: 'failed', reason });
    const abort = (): void => fail('it is no longer wanted');
    const timer = setTimeout(() => fail(`no whole answer within ${catalogueMillis / 1000} s`), catalogueMillis);
    const request = new MediaRequest(url, { userAgent: 'weir' }, {
      onHead: () => {},
      onBytes: (part) => {
        bytes += part.length;
        if (bytes > catalogueBytesMax) fail(`the answer has more than ${catalogueBytesMax} bytes`);
        else parts.push(part);
      },
      onEnd: ({ kind, description, status }) => {
        if (kind === 'complete') settle({ is: 'whole', text: Buffer.concat(parts).toString() });
        else if (status === null) fail(description);
        else settle({ is: 'refused', status });
      },
    });
    signal.addEventListener('abort', abort);
  });
}
