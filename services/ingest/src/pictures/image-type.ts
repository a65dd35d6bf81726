const signatures: readonly [type: string, at: number, bytes: Buffer][] = [
  ['image/jpeg', 0, Buffer.from([0xff, 0xd8, 0xff])],
  ['image/png', 0, Buffer.from([0x89, 0x50, 0x4e, 0x47])],
  ['image/gif', 0, Buffer.from('GIF8')],
  ['image/webp', 8, Buffer.from('WEBP')],
  ['image/avif', 4, Buffer.from('ftypavif')],
  ['image/bmp', 0, Buffer.from('BM')],
];

/** The MIME type of a picture by its first bytes; of what is none that is known, that of any bytes. */
export function imageType(picture: Buffer): string {
  const found = signatures.find(([, at, bytes]) => picture.subarray(at, at + bytes.length).equals(bytes));
  return found?.[0] ?? 'application/octet-stream';
}
