import { expect, test } from 'vitest';
import { exactBytes, exactMessage } from './exact-message.ts';

test('a part of a buffer is copied out to its own size, a whole one is not copied', () => {
  const pool = new Uint8Array(1 << 20).fill(7);
  const part = exactBytes(pool.subarray(32, 64));
  expect(part.buffer.byteLength).toBe(32);
  expect([...part]).toEqual(Array.from({ length: 32 }, () => 7));
  expect(exactBytes(pool)).toBe(pool);
  expect(exactBytes(Buffer.from('abc')).buffer.byteLength).toBe(3);
});

test('both columns of bytes of a batch are exact', () => {
  const pool = new Uint8Array(4096);
  const batch = {
    type: 'batch',
    session: 1,
    sequence: 0,
    first: 0,
    nowNs: 5,
    behind: 0,
    records: pool.subarray(0, 64),
    text: pool.subarray(64, 67),
  } as const;
  const sent = exactMessage(batch);
  expect(sent).toEqual(batch);
  if (sent.type !== 'batch') throw new Error('not a batch');
  expect([sent.records.buffer.byteLength, sent.text.buffer.byteLength]).toEqual([64, 3]);
});
