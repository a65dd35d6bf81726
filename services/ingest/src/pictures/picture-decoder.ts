import { setPriority } from 'node:os';
import { Command, describeEnd } from '@weir/supervisor';
import type { CommandEnd } from '@weir/supervisor';
import type { CountMetric, Logger, Metrics } from '@weir/telemetry';
import type { NoPicture, PictureWish } from '@weir/wire';
import { pictureBytesMax, pictureDecodeMillis, pictureDecodesMax, pictureNiceness, picturesWaitingMax, pictureTurnMillis } from '../limits.ts';
import type { NewestGroup } from './newest-group.ts';
import { pictureArguments } from './picture-command.ts';

/** The picture's file, or why there is none. */
export type Decoding =
  | { readonly kind: 'picture'; readonly bytes: Uint8Array }
  | (NoPicture & { readonly description: string });

const busy: Decoding = { kind: 'none', reason: 'busy', description: 'too many pictures are being decoded' };

/** The one ffmpeg of an ingest that makes pictures: a few at a time, with less priority than what makes streams. */
export class PictureDecoder {
  /** By stream and by how it ended. */
  readonly taken: CountMetric;
  readonly #program: string;
  readonly #logger: Logger;
  readonly #running = new Set<Command>();
  readonly #waiting: ((granted: boolean) => void)[] = [];
  #turns = 0;
  #closed = false;
  #missing = false;

  /** @param program a path, or a name that is looked up in PATH */
  constructor(program: string, logger: Logger, metrics: Metrics) {
    this.#program = program;
    this.#logger = logger;
    this.taken = metrics.count('ingest_pictures_total', 'Pictures asked for: decoded, copied from the stream, shared with another request, or why there was none.', ['stream', 'result']);
  }

  /** Decodes the group and gives its last picture. */
  async decode(group: NewestGroup, wish: PictureWish): Promise<Decoding> {
    return (await this.inTurn(() => this.#run(group, wish))) ?? busy;
  }

  /** Does what makes a picture when few others are made; null when its turn does not come in time. */
  async inTurn<T>(make: () => Promise<T>): Promise<T | null> {
    if (!(await this.#turn())) return null;
    try {
      return this.#closed ? null : await make();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#turns--;
      else next(true);
    }
  }

  /** Ends what runs. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const settle of this.#waiting.splice(0)) settle(false);
    for (const command of this.#running) command.stop('the ingest stops', { graceMillis: 0 });
    await Promise.all([...this.#running].map((command) => command.ended));
  }

  /** False when it does not come in time. */
  #turn(): Promise<boolean> {
    if (this.#closed || this.#waiting.length >= picturesWaitingMax) return Promise.resolve(false);
    if (this.#turns < pictureDecodesMax) {
      this.#turns++;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const settle = (granted: boolean): void => {
        clearTimeout(timer);
        resolve(granted);
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(settle), 1);
        resolve(false);
      }, pictureTurnMillis);
      this.#waiting.push(settle);
    });
  }

  async #run(group: NewestGroup, wish: PictureWish): Promise<Decoding> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const command = Command.start({
      argv: [this.#program, ...pictureArguments(group.format, group.pid, wish)],
      inputs: 1,
      onOutput: (chunk) => {
        bytes += chunk.length;
        if (bytes > pictureBytesMax) command.stop(`the picture is larger than ${pictureBytesMax} bytes`, { graceMillis: 0 });
        else chunks.push(chunk);
      },
      onEnd: () => this.#running.delete(command),
    });
    this.#running.add(command);
    standBack(command.pid);
    const timer = setTimeout(() => command.stop(`it took longer than ${pictureDecodeMillis / 1000} s`, { graceMillis: 0 }), pictureDecodeMillis);
    write(command, group.parts);
    const end = await command.ended;
    clearTimeout(timer);
    if (bytes > 0 && end.kind === 'exited' && end.code === 0 && end.asked === null) return { kind: 'picture', bytes: Buffer.concat(chunks) };
    return { kind: 'none', reason: this.#judge(end), description: bytes === 0 && end.kind === 'exited' && end.code === 0 ? 'ffmpeg found no picture' : describeEnd(end) };
  }

  #judge(end: CommandEnd): NoPicture['reason'] {
    if (end.kind !== 'not-started' || (end.error !== 'ENOENT' && end.error !== 'EACCES')) return 'failed';
    if (!this.#missing) this.#logger.error('pictures need ffmpeg', { reason: end.message });
    this.#missing = true;
    return 'no-program';
  }
}

function standBack(pid: number | null): void {
  if (pid === null) return;
  try {
    setPriority(pid, pictureNiceness);
  } catch {
    // It has ended already, or the system does not allow it: then it runs as any other.
  }
}

/** Writes as fast as the child reads, without a copy. */
function write(command: Command, parts: readonly Uint8Array[]): void {
  const [input] = command.inputs;
  if (input === undefined) return;
  let next = 0;
  const goOn = (): void => {
    while (next < parts.length) {
      const part = parts[next++] as Uint8Array;
      if (part.length > 0 && !input.write(part)) return;
    }
    input.end();
  };
  input.onDrain = goOn;
  goOn();
}
