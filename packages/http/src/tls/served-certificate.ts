import type { Certificate } from './certificate.ts';

/** The certificate that the servers of a process show; another one may take its place while they run. */
export class ServedCertificate {
  #current: Certificate;
  readonly #followers = new Set<(certificate: Certificate) => void>();

  constructor(certificate: Certificate) {
    this.#current = certificate;
  }

  get current(): Certificate {
    return this.#current;
  }

  /** New connections see it; those there are go on as they are. */
  replace(certificate: Certificate): void {
    this.#current = certificate;
    for (const follow of this.#followers) follow(certificate);
  }

  /** Tells each later one; gives what ends that. */
  follow(follow: (certificate: Certificate) => void): () => void {
    this.#followers.add(follow);
    return () => void this.#followers.delete(follow);
  }
}
