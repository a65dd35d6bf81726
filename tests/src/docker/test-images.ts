import { randomBytes } from 'node:crypto';
import { baseImage, must } from './engine.ts';

/** Hours that layers of earlier runs stay, for builds to begin with. */
const cacheHours = 6;

/** Every image and layer that the tests make has it. */
const label = 'weir.test';

/**
 * The images of one file of tests, under tags of its own: two runs on one engine do not see each other's. What they are made of
 * stays on the engine for some hours, so that the next run need not begin with nothing; {@link remove} ends what is older.
 */
export class TestImages {
  /** What stands behind the colon in the names of its images. */
  readonly tag: string;

  private constructor(tag: string) {
    this.tag = tag;
  }

  static async create(): Promise<TestImages> {
    const images = new TestImages(`test-${randomBytes(4).toString('hex')}`);
    // Whatever is built on it inherits the label.
    await images.build(images.base, `FROM ${baseImage}\nLABEL ${label}=yes\n`);
    return images;
  }

  /** What takes the place of the Dockerfile's NODE_IMAGE. */
  get base(): string {
    return `weir-base:${this.tag}`;
  }

  /** Builds a Dockerfile that needs no file. */
  async build(image: string, dockerfile: string): Promise<void> {
    await must(['docker', 'build', '--quiet', '-t', image, '-'], {}, dockerfile);
  }

  /** Builds a target of docker/Dockerfile, and gives the name of the image. */
  async buildTarget(target: string): Promise<string> {
    const image = `weir-${target}:${this.tag}`;
    await must(['docker', 'build', '--quiet', '-f', 'docker/Dockerfile', '--target', target, '--build-arg', `NODE_IMAGE=${this.base}`, '-t', image, '.']);
    return image;
  }

  /** Takes all names with its tag away, whoever built them, and the layers that are old. */
  async remove(): Promise<void> {
    const references = ['*', '*/*'].flatMap((repository) => ['--filter', `reference=${repository}:${this.tag}`]);
    const names = await must(['docker', 'images', '--format', '{{.Repository}}:{{.Tag}}', ...references]);
    await must(['docker', 'rmi', '--no-prune', ...names.split('\n')]);
    await must(['docker', 'image', 'prune', '--all', '--force', '--filter', `label=${label}`, '--filter', `until=${cacheHours}h`]);
  }
}
