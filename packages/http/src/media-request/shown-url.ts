/** Characters of a URL in a message. */
const shownCharactersMax = 300;

/** A URL as it may stand in a log: without user and password, with the values of its query masked, since keys stand there. */
export function shownUrl(url: URL): string {
  const query = url.search.replace(/([?&])([^&=]*)(=?)[^&]*/g, (_, mark: string, name: string, equals: string) => `${mark}${equals === '' ? '' : `${name}=`}***`);
  const text = `${url.protocol}//${url.host}${url.pathname}${query}`;
  return text.length > shownCharactersMax ? `${text.slice(0, shownCharactersMax)}...` : text;
}
