import { describe, expect, it } from 'vitest';
import type { ObjectTypeName } from './event.ts';
import { describeEvent } from './event-text.ts';
import { decodeObjectState, objectStateText, type ObjectState } from './object-state.ts';
import { TraceBuilder } from './trace-builder.ts';

const CLOSED = 0x80000000;
const threadName = (thread: number): string => `T${thread}`;

describe('the state that an objectChanged tells', () => {
  it.each<[ObjectTypeName, number, number, Partial<ObjectState>, string]>([
    ['event', 1, 0, { signaled: true }, 'signaled'],
    ['event', 0, CLOSED, { signaled: false, closed: true }, 'not signaled, its handle is closed'],
    ['semaphore', 3, 0, { signaled: true, count: 3 }, 'count 3'],
    ['semaphore', 0, 0, { signaled: false, count: 0 }, 'count 0'],
    ['mutex', 0xffff, 0, { signaled: true, owner: 'nobody', abandoned: false }, 'free'],
    ['mutex', 0x2_0004, 0, { signaled: false, owner: 4, recursion: 2 }, 'owned by T4 (2 times)'],
    ['mutex', 0x1_fffe, 0, { signaled: false, owner: 'unknown' }, 'owned'],
    ['mutex', 0xffff, 1, { signaled: true, abandoned: true }, 'free, abandoned'],
    ['criticalSection', 0x1_0002, 0, { owner: 2, recursion: 1 }, 'owned by T2'],
    ['timer', 2, 0, { signaled: false, set: true }, 'not signaled, set'],
    ['timer', 1, 0, { signaled: true, set: false }, 'signaled'],
    ['file', 12, 0, { bytes: 12 }, '12 bytes'],
    ['pipeRead', 1, 0, { bytes: 1, endClosed: false }, '1 byte unread'],
    [
      'pipeWrite',
      0,
      CLOSED + 1,
      { bytes: 0, endClosed: true, closed: true },
      '0 bytes unread, this end is closed, its handle is closed',
    ],
    ['port', 2, 1, { packets: 2, exists: true }, '2 packets'],
    ['port', 0, 0, { packets: 0, exists: false }, 'does not exist yet'],
    ['reserve', 1, 0, { inUse: true }, 'in use'],
    ['handle', 1, 0, { open: true }, 'open'],
  ])('%s %d, %d', (type, low, high, state, text) => {
    const decoded = decodeObjectState(type, low, high);
    expect(decoded).toMatchObject({ closed: false, ...state });
    expect(objectStateText(type, decoded, threadName)).toBe(text);
  });

  it('counts a semaphore up to its maximum, where that is known', () => {
    const decoded = decodeObjectState('semaphore', 3, 0);
    expect(objectStateText('semaphore', decoded, threadName, 10)).toBe('3 of 10');
    const trace = new TraceBuilder()
      .defineObject(0, 'semaphore', 'seats', 0n, 10n)
      .defineObject(1, 'semaphore', 'endless', 0n, 0x7fff_ffffn)
      .defineObject(2, 'event', 'bell', 1n, 1n)
      .objectChanged(0, 0, 3)
      .build();
    expect([0, 1, 2].map((object) => trace.table.maximumOf(object))).toEqual([10, undefined, undefined]);
    expect(describeEvent(trace.table, 3)).toContain('seats is now 3 of 10');
  });

  it('is none of an I/O', () => {
    expect(decodeObjectState('io', 1, 1)).toBeUndefined();
  });
});
