import { readFileSync } from 'node:fs';
import { eventually } from '../support/eventually.ts';
import type { Line } from '../support/line.ts';
import { Weir } from '../support/weir.ts';

/** How one process of the fleet is started, again and again. */
export interface ServiceOptions {
  readonly role: 'ingest' | 'edge' | 'control';
  readonly name: string;
  readonly argv: readonly string[];
  readonly environment: Record<string, string>;
  /** Its ways to the servers of NATS; none: it goes to them itself. */
  readonly lines: readonly Line[];
}

/** One process of the fleet, which may be killed and started anew. */
export class Service {
  readonly role: ServiceOptions['role'];
  readonly name: string;
  readonly lines: readonly Line[];
  /** For starts to come, beside the others. */
  environment: Record<string, string>;
  readonly #argv: readonly string[];
  #weir: Weir;
  #past = '';

  constructor({ role, name, argv, environment, lines }: ServiceOptions) {
    this.role = role;
    this.name = name;
    this.lines = lines;
    this.environment = environment;
    this.#argv = argv;
    this.#weir = this.#spawn();
  }

  get pid(): number {
    return this.#weir.process.pid ?? 0;
  }

  get running(): boolean {
    return this.#weir.process.exitCode === null && this.#weir.process.signalCode === null;
  }

  /** What all its runs have said. */
  get output(): string {
    return this.#past + this.#weir.output;
  }

  /** Resident set in MiB; 0 when it does not run. */
  get residentMebibytes(): number {
    try {
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
    } catch {
      return 0;
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#weir.process.kill(signal);
  }

  /** Ends it, by default as a crash would, and resolves when it is gone. */
  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    return (await this.#weir.stop(signal)).code;
  }

  /** Once it has ended. Resolves when it has a configuration. */
  async start(): Promise<void> {
    this.#past += `${this.#weir.output}\n--- started again\n`;
    this.#weir = this.#spawn();
    await this.ready();
  }

  async ready(): Promise<void> {
    const weir = this.#weir;
    await eventually(`${this.name} is ready`, () => {
      if (!this.running) throw new Error(`${this.name} has ended:\n${weir.output.slice(-3000)}`);
      return / configuration (published )?feeds=/.test(weir.output);
    }, 60_000);
  }

  #spawn(): Weir {
    return new Weir(this.#argv, { environment: this.environment });
  }
}
