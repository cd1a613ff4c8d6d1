import { describe, expect, it } from 'vitest';
import { TraceBuilder } from '../../apc-model/trace-builder.ts';
import type { Trace } from '../../apc-model/trace.ts';
import { objectViews, waitingText } from './object-view.ts';

const [ANN, BOB] = [2, 3];
const SUBJECT_THREAD = 0x80000000;
const CLOSED = 0x80000000;

/** `bell: not signaled · ann waits`, one a line, as after the first `count` events. */
function strip(trace: Trace, count = trace.table.length): string[] {
  const live = trace.history.atCount(trace.table.length);
  const at = trace.history.atCount(count);
  return objectViews(trace.table, live.objects, at.objects, at.threads).map(
    ({ name, words, waiting }) => `${name}: ${words}${waiting === '' ? '' : ` · ${waiting}`}`,
  );
}

const two = () =>
  new TraceBuilder()
    .define('thread', ANN, 'ann')
    .define('thread', BOB, 'bob')
    .created(ANN)
    .started(ANN)
    .created(BOB)
    .started(BOB);

describe('the strip of objects', () => {
  it('says how each stands and who waits for it, as of the instant', () => {
    const trace = two()
      .defineObject(0, 'event', 'bell')
      .objectChanged(0, 0, 0)
      .begin(ANN, 'waitForSingleObjectEx', { ms: 5, alertable: true, subject: 0 })
      .objectChanged(0, 0, 1)
      .end(ANN, 'waitForSingleObjectEx', 0)
      .build();
    const film = Array.from({ length: trace.table.length + 1 }, (_, count) => strip(trace, count)[0]);
    expect([...new Set(film)]).toEqual([
      'bell: not made yet',
      'bell: nothing known yet',
      'bell: not signaled',
      'bell: not signaled · ann waits',
      'bell: signaled · ann waits',
      'bell: signaled',
    ]);
  });

  it('names each type’s state in its own words', () => {
    const trace = two()
      .defineObject(0, 'semaphore', 'seats', 2n, 5n)
      .defineObject(1, 'mutex', 'lock')
      .defineObject(2, 'port', 'pier')
      .defineObject(3, 'file', 'book')
      .defineObject(4, 'event', 'bell')
      .objectChanged(0, 0, 2)
      .objectChanged(0, 1, 0x1_0000 + BOB)
      .objectChanged(0, 2, 3, 1)
      .objectChanged(0, 3, 12)
      .objectChanged(0, 4, 0, CLOSED)
      .defineObject(5, 'semaphore', 'many', 0n, 0x7fff_ffffn)
      .objectChanged(0, 5, 7)
      .build();
    expect(strip(trace)).toEqual([
      'seats: 2 of 5',
      'lock: owned by bob',
      'pier: 3 packets',
      'book: 12 bytes',
      'bell: closed, not signaled',
      'many: count 7',
    ]);
  });

  it('counts a wait for several for each of them, and none while its APC runs', () => {
    const trace = two()
      .defineObject(0, 'event', 'one')
      .defineObject(1, 'event', 'other')
      .queue(BOB, ANN)
      .begin(ANN, 'waitForMultipleObjectsEx', {
        alertable: true,
        subject: 0,
        also: [0, 1, SUBJECT_THREAD + BOB],
      })
      .apcBegins(ANN, 1)
      .build();
    const { length } = trace.table;
    const waits = (count: number) => strip(trace, count).map((line) => line.split(' · ')[1]);
    expect(waits(length - 1)).toEqual(['ann waits', 'ann waits']);
    expect(waits(length)).toEqual([undefined, undefined]);
  });

  it('names two who wait and counts the others', () => {
    expect(waitingText([])).toBe('');
    expect(waitingText(['a', 'b'])).toBe('a and b wait');
    expect(waitingText(['a', 'b', 'c', 'd'])).toBe('a, b and 2 more wait');
  });
});
