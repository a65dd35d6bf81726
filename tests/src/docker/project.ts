import { freePort } from '../support/free-port.ts';
import { composeCommand, must, run } from './engine.ts';

/** A compose file brought up under a name and on ports of its own. */
export class Project {
  readonly name: string;
  /** Where listeners connect. */
  readonly url: string;
  /** Where the fleet's status is. */
  readonly statusUrl: string;
  readonly #file: string;
  readonly #environment: Readonly<Record<string, string>>;

  private constructor(file: string, port: number, statusPort: number) {
    this.#file = file;
    this.name = `weirtest${process.pid}`;
    this.url = `http://127.0.0.1:${port}`;
    this.statusUrl = `http://127.0.0.1:${statusPort}`;
    this.#environment = { WEIR_PORT: String(port), WEIR_STATUS_PORT: String(statusPort), WEIR_VERSION: 'test' };
  }

  static async create(file: string): Promise<Project> {
    return new Project(file, await freePort(), await freePort());
  }

  /** Runs the compose command on this project; it has to succeed. */
  compose(...words: readonly string[]): Promise<string> {
    return must([...(composeCommand ?? []), '-p', this.name, '-f', this.#file, ...words], this.#environment);
  }

  /** Ids of a service's running containers. */
  async containers(service: string): Promise<readonly string[]> {
    return lines(await must(['docker', 'ps', '-q', '--filter', `label=com.docker.compose.project=${this.name}`, '--filter', `label=com.docker.compose.service=${service}`]));
  }

  /** What the containers have written so far. */
  async logs(): Promise<string> {
    return (await run([...(composeCommand ?? []), '-p', this.name, '-f', this.#file, 'logs', '--no-color', '--tail=200'], this.#environment)).said;
  }

  /** Containers, networks and volumes that carry the project's name, in whatever state. */
  async leftovers(): Promise<readonly string[]> {
    const filter = ['--filter', `label=com.docker.compose.project=${this.name}`];
    const found = [['ps', '-a', '-q'], ['network', 'ls', '-q'], ['volume', 'ls', '-q']].map((words) => must(['docker', ...words, ...filter]));
    return (await Promise.all(found)).flatMap(lines);
  }
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
