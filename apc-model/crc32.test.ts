import { expect, it } from 'vitest';
import { crc32, crc32InScript } from './crc32.ts';

const bytes = Uint8Array.from({ length: 64 }, (_, at) => at * 37);

/** Bit by bit, as the definition has it. */
function slowly(part: Uint8Array, crc = 0): number {
  let state = ~crc;
  for (const byte of part) {
    state ^= byte;
    for (let bit = 0; bit < 8; bit++) state = (state & 1) === 0 ? state >>> 1 : (state >>> 1) ^ 0xedb88320;
  }
  return ~state >>> 0;
}

const WAYS = { 'the host’s': crc32, 'in script': crc32InScript };

it('is another one in Node than in a page', () => {
  expect(crc32).not.toBe(crc32InScript);
});

it.each(Object.entries(WAYS))('%s is the one that everybody knows', (_, crc32) => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
});

it.each(Object.entries(WAYS))(
  '%s comes out the same wherever the bytes lie and however many they are',
  (_, crc32) => {
    for (let from = 0; from < 12; from++) {
      for (let length = 0; length < 40; length++) {
        const part = bytes.subarray(from, from + length);
        expect(crc32(part, 77)).toBe(slowly(part, 77));
        expect(crc32(part.subarray(length >> 1), crc32(part.subarray(0, length >> 1)))).toBe(slowly(part));
      }
    }
  },
);
