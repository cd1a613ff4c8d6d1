/** CRC-32 (polynomial 0xEDB88320, as in gzip and PNG), four bytes at a step. */

const TABLES = makeTables();

/** @param crc the checksum so far, 0 at the start */
export function crc32(bytes: Uint8Array, crc = 0): number {
  let state = ~crc >>> 0;
  let at = 0;
  const [one, two, three, four] = TABLES;
  for (const end = bytes.length - 3; at < end; at += 4) {
    state ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    state =
      four[state & 0xff]! ^ three[(state >>> 8) & 0xff]! ^ two[(state >>> 16) & 0xff]! ^ one[state >>> 24]!;
  }
  for (; at < bytes.length; at++) state = (state >>> 8) ^ one[(state ^ bytes[at]!) & 0xff]!;
  return ~state >>> 0;
}

function makeTables(): [Uint32Array, Uint32Array, Uint32Array, Uint32Array] {
  const tables: [Uint32Array, Uint32Array, Uint32Array, Uint32Array] = [
    new Uint32Array(256),
    new Uint32Array(256),
    new Uint32Array(256),
    new Uint32Array(256),
  ];
  for (let byte = 0; byte < 256; byte++) {
    let state = byte;
    for (let bit = 0; bit < 8; bit++) state = (state & 1) === 0 ? state >>> 1 : (state >>> 1) ^ 0xedb88320;
    tables[0][byte] = state;
  }
  for (let table = 1; table < 4; table++) {
    for (let byte = 0; byte < 256; byte++) {
      const before = tables[table - 1]![byte]!;
      tables[table]![byte] = (before >>> 8) ^ tables[0][before & 0xff]!;
    }
  }
  return tables;
}
