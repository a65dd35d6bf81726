import { type ElementaryStream, type Program, buildPat, isCurrent, isIntact, parsePat, parsePmt } from './psi.ts';
import { SectionReader, sectionPackets } from './section.ts';

/** The program that is served. */
export interface Choice {
  readonly program: Program;
  readonly streams: readonly ElementaryStream[];
  /** PAT and PMT as packets, the PAT with this program alone: what a decoder needs before anything else. */
  readonly init: Uint8Array;
}

/** A program's map as it was sent, and what it says. */
interface ProgramMap {
  readonly pid: number;
  readonly section: Uint8Array;
  readonly streams: readonly ElementaryStream[];
}

const patPid = 0;

/**
 * Follows the program association table and the program maps, and chooses one program.
 *
 * A choice stands until the map in use is another: a new PAT alone says nothing to a decoder of the program, and where the
 * program's map changes with it, or moves to another PID, makes one choice together with that map.
 *
 * Without a wish it is the first of the PAT that has picture or sound. A program listed before it whose map has not come
 * is waited for until the maps come round again; once chosen, a program stays while the PAT lists it.
 */
export class Tables {
  readonly #wanted: number | null;
  readonly #readers = new Map<number, SectionReader>([[patPid, new SectionReader()]]);
  /** Sections of the PAT in force, by section_number. */
  readonly #patSections = new Map<number, Uint8Array>();
  #patVersion = 0;
  #transportStreamId = 0;
  #programs: readonly Program[] = [];
  readonly #maps = new Map<number, ProgramMap>();
  #choice: Choice | null = null;
  /** The map of the choice, as packets. */
  #chosenMap: Uint8Array = new Uint8Array(0);
  #damagedSections = 0;

  /** @param wanted program_number to serve; null leaves the choice to the tables. */
  constructor(wanted: number | null) {
    this.#wanted = wanted;
  }

  /** The program served; null until its map is known. A change makes a new object. */
  get choice(): Choice | null {
    return this.#choice;
  }

  /** Sections dropped because their CRC was wrong. */
  get damagedSections(): number {
    return this.#damagedSections;
  }

  /** Every PID that carries sections to read: the PAT, and the maps that matter. */
  get pids(): Iterable<number> {
    return this.#readers.keys();
  }

  /**
   * Takes the payload of the next packet of a PID of {@link pids}. Returns whether {@link choice} or {@link pids} may have
   * changed.
   */
  push(pid: number, payload: Uint8Array, startsUnit: boolean): boolean {
    let news = false;
    this.#readers.get(pid)?.push(payload, startsUnit, (section) => {
      if (pid === patPid ? this.#readPat(section) : this.#readPmt(section, pid)) news = true;
    });
    return news;
  }

  #readPat(section: Uint8Array): boolean {
    const known = this.#patSections.get(section[6] ?? 0);
    if ((known !== undefined && sameBytes(known, section)) || !this.#isUsable(section)) return false;
    const pat = parsePat(section);
    if (pat === null) return false;
    if (pat.version !== this.#patVersion || pat.transportStreamId !== this.#transportStreamId) this.#patSections.clear();
    this.#patVersion = pat.version;
    this.#transportStreamId = pat.transportStreamId;
    this.#patSections.set(pat.sectionNumber, section.slice());
    const inOrder = [...this.#patSections].sort(([a], [b]) => a - b);
    this.#programs = inOrder.flatMap(([, bytes]) => parsePat(bytes)?.programs ?? []);
    this.#choose(null);
    this.#follow();
    return true;
  }

  #readPmt(section: Uint8Array, pid: number): boolean {
    if (section.length < 5) return false;
    const number = ((section[3] as number) << 8) | (section[4] as number);
    const program = this.#programs.find((listed) => listed.number === number && listed.mapPid === pid);
    if (program === undefined) return false;
    const known = this.#mapOf(program);
    const isRepeat = known !== undefined && sameBytes(known.section, section);
    if (isRepeat && this.#choice !== null) return false;
    if (!isRepeat) {
      if (!this.#isUsable(section)) return false;
      const pmt = parsePmt(section);
      if (pmt === null) return false;
      this.#maps.set(number, { pid, section: section.slice(), streams: pmt.streams });
    }
    this.#choose(isRepeat ? number : null);
    this.#follow();
    return true;
  }

  /** The program's map; none when it came on another PID than the PAT names now. */
  #mapOf({ number, mapPid }: Program): ProgramMap | undefined {
    const map = this.#maps.get(number);
    return map?.pid === mapPid ? map : undefined;
  }

  #isUsable(section: Uint8Array): boolean {
    if (!isIntact(section)) {
      this.#damagedSections += 1;
      return false;
    }
    return isCurrent(section);
  }

  /** @param repeated program whose map has come round again, so that those missing until now will not come. */
  #choose(repeated: number | null): void {
    const program = this.#pick(repeated);
    const map = program === undefined ? undefined : this.#mapOf(program);
    if (program === undefined || map === undefined) return; // the last choice stands until there is another
    const mapPackets = sectionPackets(program.mapPid, map.section);
    if (this.#choice !== null && sameBytes(mapPackets, this.#chosenMap)) return;
    this.#chosenMap = mapPackets;
    const pat = buildPat(this.#transportStreamId, this.#patVersion, program);
    this.#choice = { program, streams: map.streams, init: Buffer.concat([sectionPackets(patPid, pat), mapPackets]) };
  }

  #pick(repeated: number | null): Program | undefined {
    if (this.#wanted !== null) return this.#programs.find((program) => program.number === this.#wanted);
    const chosen = this.#programs.find((program) => program.number === this.#choice?.program.number);
    if (chosen !== undefined) return chosen;
    for (const program of this.#programs) {
      const map = this.#mapOf(program);
      if (map === undefined && repeated === null) return undefined;
      if (map?.streams.some((stream) => stream.media !== 'data') === true) return program;
    }
    return undefined;
  }

  /** Reads the chosen program's map alone, or every program's while there is no choice, and forgets the others. */
  #follow(): void {
    const chosen = this.#programs.find((program) => program.number === this.#choice?.program.number);
    const followed = chosen === undefined ? this.#programs : [chosen];
    const pids = new Set([patPid, ...followed.map((program) => program.mapPid)]);
    for (const pid of this.#readers.keys()) if (!pids.has(pid)) this.#readers.delete(pid);
    for (const pid of pids) if (!this.#readers.has(pid)) this.#readers.set(pid, new SectionReader());
    for (const number of this.#maps.keys()) if (!followed.some((program) => program.number === number)) this.#maps.delete(number);
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
