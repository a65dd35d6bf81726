// ISO/IEC 13818-1 §2.4.4.3 (program association section) and §2.4.4.8 (program map section).
import { crc32 } from './crc32.ts';
import { type Media, mediaOf } from './stream-type.ts';

/** One section of a program association table. */
export interface PatSection {
  readonly transportStreamId: number;
  /** version_number: one table's sections share it. */
  readonly version: number;
  readonly sectionNumber: number;
  /** In the order of the section; program 0, the network's own table, left out. */
  readonly programs: readonly Program[];
}

/** A program and where its map is. */
export interface Program {
  readonly number: number;
  readonly mapPid: number;
}

/** One program's map. */
export interface Pmt {
  readonly programNumber: number;
  readonly streams: readonly ElementaryStream[];
}

/** One row of a program map (ISO/IEC 13818-1 §2.4.4.8). */
export interface ElementaryStream {
  readonly pid: number;
  readonly streamType: number;
  readonly media: Media;
}

/** True for a whole section in the long form, in force now, whose CRC is right. */
export function isIntact(section: Uint8Array): boolean {
  return section.length >= 12 && crc32(section) === 0;
}

/** True when the section is in force now, false when it tells of a change to come (current_next_indicator). */
export function isCurrent(section: Uint8Array): boolean {
  return ((section[5] as number) & 1) !== 0;
}

/** Parses an intact section; null when it is of another table. */
export function parsePat(section: Uint8Array): PatSection | null {
  if (section[0] !== 0x00) return null; // table_id
  const view = new DataView(section.buffer, section.byteOffset, section.length);
  const programs: Program[] = [];
  for (let at = 8; at + 4 <= section.length - 4; at += 4) {
    const number = view.getUint16(at);
    if (number !== 0) programs.push({ number, mapPid: view.getUint16(at + 2) & 0x1fff });
  }
  return { transportStreamId: view.getUint16(3), version: ((section[5] as number) >> 1) & 0x1f, sectionNumber: section[6] as number, programs };
}

/** Parses an intact section; null when it is of another table. */
export function parsePmt(section: Uint8Array): Pmt | null {
  if (section[0] !== 0x02) return null; // table_id
  const view = new DataView(section.buffer, section.byteOffset, section.length);
  const streams: ElementaryStream[] = [];
  const end = section.length - 4; // CRC_32
  let at = 12 + (view.getUint16(10) & 0x0fff); // program_info_length
  while (at + 5 <= end) {
    const streamType = section[at] as number;
    const pid = view.getUint16(at + 1) & 0x1fff; // elementary_PID
    const descriptorsEnd = at + 5 + (view.getUint16(at + 3) & 0x0fff); // ES_info_length
    streams.push({ pid, streamType, media: mediaOf(streamType, section.subarray(at + 5, Math.min(descriptorsEnd, end))) });
    at = descriptorsEnd;
  }
  return { programNumber: view.getUint16(3), streams };
}

/** A program association section that lists one program. */
export function buildPat(transportStreamId: number, version: number, program: Program): Uint8Array {
  const section = new Uint8Array(16);
  const view = new DataView(section.buffer);
  view.setUint16(1, 0xb000 | (section.length - 3)); // section_syntax_indicator, section_length
  view.setUint16(3, transportStreamId);
  section[5] = 0xc1 | (version << 1); // in force now
  view.setUint16(8, program.number);
  view.setUint16(10, 0xe000 | program.mapPid);
  view.setInt32(12, crc32(section.subarray(0, 12)));
  return section;
}
