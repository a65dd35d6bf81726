// Enhanced RTMP v1 "Enhanced Video": FFmpeg reads FourCC video in FLV since 6.1 only, so the decode law takes it out itself.
import assert from 'node:assert/strict';

/** The tags of an FLV stream that begins with its file header. */
function* flvTags(flv: Buffer): Generator<Buffer> {
  assert.equal(flv.toString('latin1', 0, 3), 'FLV');
  for (let at = 13; at + 11 <= flv.length; ) {
    const bytes = flv.readUIntBE(at + 1, 3);
    yield flv.subarray(at, at + 11 + bytes);
    at += 11 + bytes + 4;
  }
}

/** ISO/IEC 14496-15 §8.3.3.1: the parameter sets of an HEVCDecoderConfigurationRecord, with start codes. */
function parameterSets(record: Buffer): Buffer[] {
  const units: Buffer[] = [];
  let at = 23;
  for (let arrays = record.readUInt8(22); arrays > 0; arrays--) {
    const count = record.readUInt16BE(at + 1);
    at += 3;
    for (let unit = 0; unit < count; unit++) {
      const bytes = record.readUInt16BE(at);
      units.push(startCode, record.subarray(at + 2, at + 2 + bytes));
      at += 2 + bytes;
    }
  }
  return units;
}

const startCode = Buffer.from([0, 0, 0, 1]);
/** AV1 §5.6: an OBU_TEMPORAL_DELIMITER of no bytes, which containers leave out. */
const temporalDelimiter = Buffer.from([0x12, 0]);

function annexB(sample: Buffer): Buffer[] {
  const units: Buffer[] = [];
  for (let at = 0; at < sample.length; ) {
    const bytes = sample.readUInt32BE(at);
    units.push(startCode, sample.subarray(at + 4, at + 4 + bytes));
    at += 4 + bytes;
  }
  return units;
}

/** The elementary stream in an FLV stream with FourCC video, and how many coded pictures it has. */
export function elementaryStream(flv: Buffer): { readonly demuxer: 'hevc' | 'obu'; readonly bytes: Buffer; readonly pictures: number } {
  const pieces: Buffer[] = [];
  let config: Buffer[] = [];
  let isHevc = false;
  let pictures = 0;
  for (const tag of flvTags(flv)) {
    const first = tag[11] ?? 0;
    if (tag[0] !== 9 || first < 0x80) continue;
    isHevc = tag.toString('latin1', 12, 16) === 'hvc1';
    const body = tag.subarray(16);
    const packetType = first & 15;
    if (packetType === 0) config = isHevc ? parameterSets(body) : [body.subarray(4)];
    if (packetType !== 1 && packetType !== 3) continue;
    const hasCompositionTime = isHevc && packetType === 1;
    if (!isHevc) pieces.push(temporalDelimiter);
    if (pictures === 0) pieces.push(...config);
    pieces.push(...(isHevc ? annexB(body.subarray(hasCompositionTime ? 3 : 0)) : [body]));
    pictures++;
  }
  return { demuxer: isHevc ? 'hevc' : 'obu', bytes: Buffer.concat(pieces), pictures };
}
