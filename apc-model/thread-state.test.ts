import { describe, expect, it } from 'vitest';
import { TraceBuilder } from './trace-builder.ts';
import type { SessionAt, ThreadAt } from './thread-state.ts';

const T = 2;
const INFINITE = 0xffffffff;

/** A thread as a line: `wait | queue: 1 2 | frames: sleep` */
const picture = (thread: ThreadAt): string =>
  [
    thread.activity,
    `queue: ${thread.userQueue.map((one) => (one.state === 'pending' ? one.apc : `(${one.apc})`)).join(' ')}`,
    `frames: ${thread.frames.map((frame) => (frame.type === 'apc' ? `apc${frame.apc}` : frame.call)).join(' ')}`,
  ].join(' | ');

const only = (session: SessionAt): ThreadAt => session.threads.find((thread) => thread.index === T)!;

/** The picture after each event. */
const film = (builder: TraceBuilder): string[] => {
  const trace = builder.build();
  return Array.from({ length: trace.table.length }, (_, count) =>
    picture(only(trace.history.atCount(count + 1))),
  );
};

describe('a thread through its events', () => {
  it('keeps an APC waiting through a non-alertable sleep and loses it at its end', () => {
    const builder = new TraceBuilder()
      .created(T)
      .started(T)
      .queue(T, T)
      .begin(T, 'sleep', { ms: 5000 })
      .end(T, 'sleep')
      .apcLost(T, 1)
      .ended(T);
    expect(film(builder)).toEqual([
      'notStarted | queue:  | frames: ',
      'running | queue:  | frames: ',
      'running | queue: (1) | frames: ',
      'running | queue: 1 | frames: ',
      'wait | queue: 1 | frames: 1',
      'running | queue: 1 | frames: ',
      'running | queue:  | frames: ',
      'ended | queue:  | frames: ',
    ]);
    const end = only(builder.build().history.atCount(99));
    expect(end.counts).toMatchObject({ queued: 1, delivered: 0, lost: 1 });
  });

  it('loses what waits at the thread’s end also where the engine says nothing more', () => {
    const trace = new TraceBuilder().created(T).started(T).queue(0, T).queue(0, T).ended(T).build();
    expect(only(trace.history.atCount(99)).counts).toMatchObject({ queued: 2, lost: 2 });
  });

  it('counts an APC as lost once, also when its apcLost comes after the thread’s end', () => {
    const trace = new TraceBuilder()
      .created(T)
      .started(T)
      .queue(0, T)
      .ended(T)
      .apcLost(T, 1, { inferred: true })
      .build();
    expect(only(trace.history.atCount(99)).counts.lost).toBe(1);
  });

  it('delivers in order, nested, and closes the stack', () => {
    const builder = new TraceBuilder()
      .created(T)
      .started(T)
      .queue(0, T)
      .queue(0, T)
      .begin(T, 'sleepEx', { ms: INFINITE, alertable: true })
      .apcBegins(T, 1)
      .begin(T, 'sleepEx', { ms: 0, alertable: true })
      .apcBegins(T, 2, 2)
      .apcEnds(T, 2, 2)
      .end(T, 'sleepEx', 0xc0)
      .apcEnds(T, 1)
      .end(T, 'sleepEx', 0xc0);
    expect(film(builder).slice(6)).toEqual([
      'alertableWait | queue: 1 2 | frames: 2',
      'runningApc | queue: 2 | frames: 2 apc1',
      'alertableWait | queue: 2 | frames: 2 apc1 2',
      'runningApc | queue:  | frames: 2 apc1 2 apc2',
      'alertableWait | queue:  | frames: 2 apc1 2',
      'runningApc | queue:  | frames: 2 apc1',
      'alertableWait | queue:  | frames: 2',
      'running | queue:  | frames: ',
    ]);
  });

  it('counts an APC that runs before its queuing call has returned once', () => {
    const trace = new TraceBuilder()
      .created(T)
      .started(T)
      .queueing(0, T, 1)
      .apcBegins(T, 1)
      .queued(0, 1)
      .apcEnds(T, 1)
      .build();
    expect(only(trace.history.atCount(99)).counts).toMatchObject({ queued: 1, delivered: 1 });
  });

  it('calls a callback that overtakes one certainly queued before it a mismatch', () => {
    const trace = new TraceBuilder().created(T).started(T).queue(0, T).queue(0, T).apcBegins(T, 2).build();
    expect(trace.history.atCount(99).mismatches).toBe(1);
  });

  it('calls overlapping queuings in either order no mismatch', () => {
    const trace = new TraceBuilder()
      .created(T)
      .started(T)
      .queueing(0, T, 1)
      .queueing(3, T, 2)
      .queued(0, 1)
      .queued(3, 2)
      .apcBegins(T, 2)
      .build();
    expect(trace.history.atCount(99).mismatches).toBe(0);
  });

  it('says that a hand-driven thread waits for its next step', () => {
    expect(
      film(
        new TraceBuilder().createdByHand(T).started(T).mailbox(T, 1).begin(T, 'sleep').end(T, 'sleep'),
      ).map((line) => line.split(' ')[0]),
    ).toEqual(['notStarted', 'waitingForStep', 'waitingForStep', 'wait', 'waitingForStep']);
  });

  it('shows a suspended thread as suspended until the count is 0', () => {
    const builder = new TraceBuilder()
      .created(T)
      .started(T)
      .suspended(T, 1, 0)
      .suspended(T, 2, 1)
      .suspended(T, 1, 2)
      .suspended(T, 0, 1);
    expect(film(builder).map((line) => line.split(' ')[0])).toEqual([
      'notStarted',
      'running',
      'suspended',
      'suspended',
      'suspended',
      'running',
    ]);
  });
});

describe('history', () => {
  it('gives the same answer at any count, whichever way it is come to', () => {
    const builder = new TraceBuilder().created(T).started(T);
    for (let round = 0; round < 3000; round++) {
      builder
        .at(round * 1000)
        .queue(0, T)
        .begin(T, 'sleepEx', { alertable: true });
      builder
        .apcBegins(T, round + 1)
        .apcEnds(T, round + 1)
        .end(T, 'sleepEx', 0xc0);
    }
    const trace = builder.build();
    const counts = [0, 1, 17, 4095, 4096, 9000, 14_001, trace.table.length];
    const forwards = counts.map((count) => trace.history.atCount(count));
    const backwards = counts.toReversed().map((count) => trace.history.atCount(count));
    expect(backwards.toReversed()).toEqual(forwards);
    expect(only(forwards.at(-1)!).counts).toMatchObject({ queued: 3000, delivered: 3000 });
  });

  it('finds the instant by the running maximum of the times', () => {
    const trace = new TraceBuilder()
      .at(10)
      .created(T)
      .at(30)
      .started(T)
      .at(20)
      .queue(0, T)
      .at(40)
      .ended(T)
      .build();
    expect([5, 10, 25, 30, 40].map((time) => trace.history.at(time).count)).toEqual([0, 1, 1, 4, 5]);
  });
});
