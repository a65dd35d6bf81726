import { freePort } from '../support/free-port.ts';
import { composeCommand, must, run } from './engine.ts';
import { TestImages } from './test-images.ts';

/** Compose files brought up under a name, on ports and with images of their own. */
export class Project {
  readonly name: string;
  /** Where listeners connect. */
  readonly url: string;
  /** Where the fleet's status is. */
  readonly statusUrl: string;
  readonly prometheusUrl: string;
  readonly images: TestImages;
  readonly #command: readonly string[];
  readonly #environment: Readonly<Record<string, string>>;

  private constructor(files: readonly string[], images: TestImages, [port = 0, statusPort = 0, prometheusPort = 0]: readonly number[]) {
    this.images = images;
    this.name = `weir${images.tag}`;
    this.url = `http://127.0.0.1:${port}`;
    this.statusUrl = `http://127.0.0.1:${statusPort}`;
    this.prometheusUrl = `http://127.0.0.1:${prometheusPort}`;
    this.#command = [...(composeCommand ?? []), '-p', this.name, ...files.flatMap((file) => ['-f', file])];
    this.#environment = {
      WEIR_PORT: String(port),
      WEIR_STATUS_PORT: String(statusPort),
      WEIR_VERSION: images.tag,
      PROMETHEUS_PORT: String(prometheusPort),
      PROMETHEUS_VERSION: images.tag,
    };
  }

  static async create(...files: readonly string[]): Promise<Project> {
    return new Project(files, await TestImages.create(), [await freePort(), await freePort(), await freePort()]);
  }

  /** Runs the compose command on this project; it has to succeed. */
  compose(...words: readonly string[]): Promise<string> {
    return must([...this.#command, ...words], this.#environment);
  }

  /** Builds the images of services as the compose file says. */
  async build(...services: readonly string[]): Promise<void> {
    await this.compose('build', '--build-arg', `NODE_IMAGE=${this.images.base}`, ...services);
  }

  /** Takes everything down, and its images away. */
  async remove(): Promise<void> {
    await this.compose('down', '--volumes', '--remove-orphans');
    await this.images.remove();
  }

  /** Ids of a service's running containers. */
  async containers(service: string): Promise<readonly string[]> {
    return lines(await must(['docker', 'ps', '-q', '--filter', `label=com.docker.compose.project=${this.name}`, '--filter', `label=com.docker.compose.service=${service}`]));
  }

  /** What the containers have written so far. */
  async logs(): Promise<string> {
    return (await run([...this.#command, 'logs', '--no-color', '--tail=200'], this.#environment)).said;
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
