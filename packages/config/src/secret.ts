/** What stands in place of a secret. */
export const mask = '****';

const secretName = '(?:[\\w-]*(?:password|passwd|passphrase|secret|token|api_?key|access_?key|signature)|pass|pwd|key|sig|auth)';
/** `rtsp://user:password@host` */
const inUrl = /(:\/\/[^\s/:@]*:)[^\s/]+(?=@)/g;
/** `?token=value`, `passphrase=value`; a value ends where a URL's or an option's next part begins. */
const assigned = new RegExp(`(?<![\\w-])(${secretName}=)[^\\s&"':;,]+`, 'gi');
/** `Authorization: Bearer value` */
const inHeader = /((?:proxy-)?authorization:\s{0,8}(?:(?:basic|bearer|digest)\s{1,8})?)[^\s"']+/gi;
const option = new RegExp(`^--?${secretName}$`, 'i');

/** The words of a command with passwords, tokens and keys masked as far as their names or a URL's form show them. */
export function maskSecrets(argv: readonly string[]): readonly string[] {
  return argv.map((word, index) => {
    if (option.test(argv[index - 1] ?? '')) return mask;
    return word.replace(inUrl, `$1${mask}`).replace(assigned, `$1${mask}`).replace(inHeader, `$1${mask}`);
  });
}
