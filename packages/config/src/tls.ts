import { pathBeside } from './place.ts';
import { entryOf } from './tree.ts';
import type { TlsConfiguration } from './configuration.ts';
import type { Entry } from './tree.ts';

/** The section `tls` in its final form, once the schema has been checked; null without it. The files are not looked at. */
export function resolveTls(entry: Entry | undefined): TlsConfiguration | null {
  const [certFile, keyFile] = ['cert_file', 'key_file'].map((key) => {
    const value = entryOf(entry?.value, key)?.value;
    return value?.kind === 'scalar' ? pathBeside(value.place, value.text) : undefined;
  });
  return certFile === undefined || keyFile === undefined ? null : { certFile, keyFile };
}
