import { CertificateError, readCertificate, ServedCertificate } from '@weir/http';
import type { Certificate, CertificateFiles, TlsOptions } from '@weir/http';
import type { Logger, Metrics, Sample } from '@weir/telemetry';
import type { Start } from './lifetime.ts';
import { lookAt, readOnceIn, sameLook } from './source-look.ts';
import type { Look } from './source-look.ts';

/** Milliseconds between two looks at the files. Two equal ones in a row are needed: a certificate is written before its key, or after it. */
const lookMillis = 1000;

const dayMillis = 86_400_000;

/** What is left of a certificate's time when its end is told of every day: certificates are renewed a month before. */
const expiryWarningMillis: number = 14 * dayMillis;

/** What a keeper is made with. */
export interface KeeperOptions {
  readonly logger: Logger;
  /** Unix time. */
  readonly nowMillis: () => number;
}

/**
 * Keeps the certificate that is shown at what its files hold: when asked, and, once it watches, when they change, also behind
 * links, as Kubernetes changes them. Files that cannot be used are told of once, and the old certificate stays.
 */
export class CertificateKeeper {
  readonly #files: CertificateFiles;
  readonly #options: KeeperOptions;
  readonly #served: ServedCertificate;
  /** How the files stood when they were last read, and when they were last looked at. */
  #taken: Look;
  #last: Look;
  /** What is wrong with them now. */
  #refused: string | null = null;
  #warnedMillis = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;

  /** @throws CertificateError when the files cannot be used now */
  constructor(files: CertificateFiles, options: KeeperOptions) {
    this.#files = files;
    this.#options = options;
    this.#taken = this.#look();
    this.#last = this.#taken;
    this.#served = new ServedCertificate(readCertificate(files));
    this.#tell('certificate');
  }

  /** What a server shows it by. */
  get tls(): TlsOptions {
    const { logger } = this.#options;
    return { certificate: this.#served, onHandshakeFailed: (address, reason) => logger.debug('no TLS with a client', { address, reason }) };
  }

  /** Tells when the certificate ends, which is how renewals that fail are noticed. */
  measure(metrics: Metrics): void {
    const samples = (): Sample[] => [{ labels: {}, value: this.#served.current.expiresMillis / 1000 }];
    metrics.gauge('tls_certificate_expiry_timestamp_seconds', 'When the certificate that is shown ends, in Unix time.', [], samples, 'min');
  }

  /** @param watch whether changes are noticed without being asked */
  start(watch: boolean): void {
    this.#timer = setInterval(() => this.tick(watch), lookMillis);
  }

  /** One look at the files, if wanted, and at the time. */
  tick(watch: boolean): void {
    const look = this.#look();
    const still = sameLook(look, this.#last);
    this.#last = look;
    // What was refused is tried again: that may have been for want of memory or descriptors.
    if (watch && still && (this.#refused !== null || !sameLook(look, this.#taken))) this.#load(false);
    this.#warn();
  }

  /** Reads the files now, or says why not. */
  reload(): void {
    this.#last = this.#look();
    this.#load(true);
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  #look(): Look {
    return lookAt([this.#files.certFile, this.#files.keyFile]);
  }

  /** @param asked whether somebody waits for an answer */
  #load(asked: boolean): void {
    this.#taken = this.#last;
    const once = readOnceIn([this.#files.certFile, this.#files.keyFile]);
    if (once !== null) {
      this.#refuse(`${once} is no regular file, and cannot be read again`, asked);
      return;
    }
    let certificate: Certificate;
    try {
      certificate = readCertificate(this.#files);
    } catch (error) {
      if (!(error instanceof CertificateError)) throw error;
      this.#refuse(error.message, asked);
      return;
    }
    const { cert, key } = this.#served.current;
    const isOther = certificate.cert !== cert || certificate.key !== key;
    if (isOther) this.#served.replace(certificate);
    if (isOther) this.#tell('another certificate');
    else if (asked || this.#refused !== null) this.#tell('the certificate is as it was');
    this.#refused = null;
  }

  #refuse(reason: string, asked: boolean): void {
    if (asked || reason !== this.#refused) this.#options.logger.error('the new certificate is refused: the old one stays', { reason });
    this.#refused = reason;
  }

  #tell(what: string): void {
    const { names, expiresMillis } = this.#served.current;
    this.#options.logger.info(what, { file: this.#files.certFile, names, expires: new Date(expiresMillis).toISOString() });
    this.#warnedMillis = Number.NEGATIVE_INFINITY;
    this.#warn();
  }

  #warn(): void {
    const nowMillis = this.#options.nowMillis();
    const leftMillis = this.#served.current.expiresMillis - nowMillis;
    if (leftMillis >= expiryWarningMillis || nowMillis - this.#warnedMillis < dayMillis) return;
    this.#warnedMillis = nowMillis;
    const { logger } = this.#options;
    const file = this.#files.certFile;
    if (leftMillis <= 0) logger.warn('the certificate has expired, and clients refuse it: renew it', { file });
    else logger.warn('the certificate expires soon: renew it', { file, days: Math.floor(leftMillis / dayMillis) });
  }
}

/**
 * The certificate of a process for as long as it runs, reloaded by SIGHUP; null when there is none to be.
 *
 * @throws CertificateError
 */
export function keepCertificate(files: CertificateFiles | null, watch: boolean, { logger, lifetime }: Start): CertificateKeeper | null {
  if (files === null) return null;
  const keeper = new CertificateKeeper(files, { logger: logger.child('tls'), nowMillis: Date.now });
  keeper.start(watch);
  lifetime.onReload(() => keeper.reload());
  lifetime.stopping.signal.addEventListener('abort', () => keeper.close());
  return keeper;
}
