import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { checkout } from './checkout.ts';

export interface NatsServerOptions {
  readonly jetStream: boolean;
  /** Whom alone it lets in. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Its configuration file, in place of the shipped one. */
  readonly configuration?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** What else stands in its command line. */
  readonly argv?: readonly string[];
}

/** A real nats-server on a port and a store of its own, with the configuration that weir ships. */
export class NatsServer {
  readonly port: number;
  /** What it has logged. */
  log = '';
  readonly #store: string;
  readonly #options: NatsServerOptions;
  #process: ChildProcess | null = null;

  private constructor(port: number, store: string, options: NatsServerOptions) {
    this.port = port;
    this.#store = store;
    this.#options = options;
  }

  static async start(options: NatsServerOptions = { jetStream: true }): Promise<NatsServer> {
    const store = await mkdtemp(join(tmpdir(), 'weir-nats-'));
    const server = new NatsServer(await freePort(), store, options);
    await server.resume();
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** Starts it on the same port and store. */
  async resume(): Promise<void> {
    const address = ['-a', '127.0.0.1', '-p', String(this.port)];
    const { jetStream, login, configuration, environment, argv = [] } = this.#options;
    const file = configuration ?? (jetStream ? join(checkout, 'deploy/nats/nats.conf') : null);
    const configured = file === null ? [] : ['-c', file, '-sd', this.#store];
    const credentials = login === undefined ? [] : ['--user', login.user, '--pass', login.password];
    const child = spawn('nats-server', [...configured, ...address, ...credentials, ...argv], { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...environment } });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.log += text));
    this.#process = child;
    await eventually('nats-server answers', () => answers(this.port));
  }

  /** Ends it as a crash would; what JetStream wrote stays unless `forget`. */
  async kill(options: { forget: boolean } = { forget: false }): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child !== null && child.exitCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    }
    if (options.forget) await rm(this.#store, { recursive: true, force: true });
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  async stop(): Promise<void> {
    await this.kill({ forget: true });
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', () => settle(true));
    socket.once('error', () => settle(false));
    socket.setTimeout(500, () => settle(false));
  });
}
