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

/** `queued 2 delivered 1 …`, without what is 0, and with what stands in the queues. */
const tally = (builder: TraceBuilder): string => {
  const trace = builder.build();
  const { counts, userQueue, specialQueue } = only(trace.history.atCount(trace.table.length));
  const pending = userQueue.length + specialQueue.length;
  const { queued, delivered, cancelled, vanished, lost, failed } = counts;
  const said = { queued, delivered, cancelled, vanished, lost, failed, pending };
  return Object.entries(said)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count}`)
    .join(' ');
};

/** Queued is the sum of what became of them, where nothing is between the two. */
const adds = (builder: TraceBuilder): boolean => {
  const trace = builder.build();
  return trace.history.atCount(trace.table.length).threads.every(({ counts, userQueue, specialQueue }) => {
    const settled = [...userQueue, ...specialQueue].filter((one) => one.queued !== undefined).length;
    return counts.queued === counts.delivered + counts.cancelled + counts.vanished + counts.lost + settled;
  });
};

const SYSTEM = 0xffff;
const NO_THREAD = 0xfffe;
const NO_ROUTINE = 0xffff;
const started = () => new TraceBuilder().created(T).started(T);

describe('an APC of a timer or an I/O', () => {
  it('is in flight until it is queued, and stands where it was queued, not where it was armed', () => {
    expect(
      film(started().armed(T, 1).queue(0, T).queued(SYSTEM, 1, 'setWaitableTimer').apcBegins(T, 2)).slice(2),
    ).toEqual([
      'running | queue: (1) | frames: ',
      'running | queue: (1) (2) | frames: ',
      'running | queue: (1) 2 | frames: ',
      'running | queue: 2 1 | frames: ',
      'runningApc | queue: 1 | frames: apc2',
    ]);
  });

  it.each<[string, TraceBuilder, string]>([
    [
      'runs after it was told to be queued',
      started().armed(T, 1).queued(SYSTEM, 1).apcBegins(T, 1),
      'queued 1 delivered 1',
    ],
    ['runs though nobody saw it queued', started().armed(T, 1).apcBegins(T, 1), 'queued 1 delivered 1'],
    ['is armed only', started().armed(T, 1), 'pending 1'],
    ['is cancelled while it is armed: that counts nowhere', started().armed(T, 1).cancelled(T, 1), ''],
    [
      'is cancelled in the queue',
      started().armed(T, 1).queued(SYSTEM, 1).cancelled(T, 1),
      'queued 1 cancelled 1',
    ],
    ['is lost in the queue', started().armed(T, 1).queued(SYSTEM, 1).ended(T), 'queued 1 lost 1'],
    [
      'is lost without a word of its queuing',
      started().armed(T, 1).apcLost(T, 1).ended(T),
      'queued 1 lost 1',
    ],
    ['is lost after its thread’s end', started().armed(T, 1).ended(T).apcLost(T, 1), 'queued 1 lost 1'],
    ['is gone with its thread, never queued', started().armed(T, 1).ended(T), ''],
    ['is cancelled after its thread’s end', started().armed(T, 1).ended(T).cancelled(0, 1), ''],
    [
      'is armed anew at each period',
      started().armed(T, 1).queued(SYSTEM, 1).armed(T, 2, { by: SYSTEM }).apcBegins(T, 1).queued(SYSTEM, 2),
      'queued 2 delivered 1 pending 1',
    ],
  ])('that %s', (_name, builder, counted) => {
    expect(tally(builder)).toBe(counted);
    expect(adds(builder)).toBe(true);
  });

  it('is of no thread called system', () => {
    const trace = started().armed(T, 1, { by: SYSTEM }).queued(SYSTEM, 1).build();
    expect(trace.history.atCount(99).threads.map((thread) => thread.index)).toEqual([T]);
  });

  it('overtakes nobody by running first: when it was queued is not known', () => {
    const trace = started().queue(0, T).armed(T, 2).apcBegins(T, 2).apcEnds(T, 2).apcBegins(T, 1).build();
    expect(trace.history.atCount(99).mismatches).toBe(0);
  });

  it('overtakes somebody where its queuing was told', () => {
    const trace = started().armed(T, 1).queue(0, T).queued(SYSTEM, 1).apcBegins(T, 1).build();
    expect(trace.history.atCount(99).mismatches).toBe(1);
  });
});

describe('a queuing', () => {
  it.each<[string, TraceBuilder, string]>([
    [
      'without a routine, which vanishes (fact 11)',
      started().queue(0, T, NO_ROUTINE, { call: 'ntQueueApcThread' }),
      'queued 1 vanished 1',
    ],
    ['that fails', started().queue(0, T, 0, { fails: 31 }), 'failed 1'],
    [
      'that fails after its target’s end',
      started().queueing(0, T, 1).ended(T).queueFailed(0, 1, 31),
      'failed 1',
    ],
    [
      'that succeeds after its target’s end',
      started().queueing(0, T, 1).ended(T).queued(0, 1),
      'queued 1 lost 1',
    ],
    [
      'whose loss is told before its return',
      started().queueing(0, T, 1).apcLost(T, 1).ended(T).queued(0, 1),
      'queued 1 lost 1',
    ],
    ['whose maker ended in it', started().queueing(3, T, 1).ended(3), ''],
    [
      'whose maker ended in it, and that runs',
      started().queueing(3, T, 1).ended(3).apcBegins(T, 1),
      'queued 1 delivered 1',
    ],
    [
      'of a special APC to oneself, which runs in it (fact 127)',
      started()
        .queueing(T, T, 1, 0, { call: 'queueUserApc2', special: true })
        .apcBegins(T, 1)
        .apcEnds(T, 1)
        .queued(T, 1),
      'queued 1 delivered 1',
    ],
  ])('%s', (_name, builder, counted) => {
    expect(tally(builder)).toBe(counted);
    expect(adds(builder)).toBe(true);
  });

  it('to no thread is on no list of threads', () => {
    const trace = started().queue(T, NO_THREAD, 0, { fails: 6 }).build();
    expect(trace.history.atCount(99).threads.map((thread) => thread.index)).toEqual([T]);
    expect(trace.depths.threads.size).toBe(0);
  });

  it('of a special APC stands in a queue of its own, and overtakes the regular ones (fact 128)', () => {
    const builder = started().queue(0, T).queue(0, T, 0, { call: 'queueUserApc2', special: true });
    const queues = only(builder.build().history.atCount(99));
    expect(queues.userQueue.map((one) => one.apc)).toEqual([1]);
    expect(queues.specialQueue.map((one) => one.apc)).toEqual([2]);
    const trace = builder.apcBegins(T, 2).apcEnds(T, 2).apcBegins(T, 1).build();
    expect(trace.history.atCount(99).mismatches).toBe(0);
  });
});

describe('an object', () => {
  const objects = (builder: TraceBuilder, count = 99) =>
    builder
      .build()
      .history.atCount(count)
      .objects.map((one) => ({ name: one.name, type: one.type, ...one.state }));

  it('is known from its definition on, and its state from its first change on', () => {
    const builder = new TraceBuilder()
      .defineObject(0, 'event', 'go')
      .objectChanged(T, 0, 1)
      .objectChanged(T, 0, 0);
    expect([1, 2, 3].map((count) => objects(builder, count))).toEqual([
      [{ name: 'go', type: 'event' }],
      [{ name: 'go', type: 'event', closed: false, signaled: true }],
      [{ name: 'go', type: 'event', closed: false, signaled: false }],
    ]);
  });

  it('is not an I/O, and not a thread’s mailbox', () => {
    expect(objects(started().defineObject(0, 'io', 'read').mailbox(T, 1))).toEqual([]);
  });

  it('is the same at any count, whichever way it is come to', () => {
    const builder = new TraceBuilder().defineObject(0, 'semaphore', 's');
    for (let count = 0; count < 9000; count++) builder.objectChanged(T, 0, count);
    const { history } = builder.build();
    const counts = [1, 8000, 40, 9001, 4097];
    expect(counts.map((count) => history.atCount(count).objects[0]?.state?.count)).toEqual(
      counts.map((count) => (count === 1 ? undefined : count - 2)),
    );
  });
});

describe('the depth of a queue', () => {
  it('counts what is armed only once it is queued, and never what vanishes', () => {
    const trace = started()
      .at(1)
      .armed(T, 1)
      .at(2)
      .queue(0, T, NO_ROUTINE, { call: 'ntQueueApcThread' })
      .at(3)
      .queued(SYSTEM, 1)
      .at(4)
      .apcBegins(T, 1)
      .at(5)
      .armed(T, 3)
      .at(6)
      .ended(T)
      .build();
    const steps = trace.depths.threads.get(T)!;
    const { table } = trace;
    expect(steps.events.slice(0, steps.length).map((event) => table.timeNs(event))).toEqual([3, 4]);
    expect([steps.after(0), steps.after(1)]).toEqual([1, 0]);
  });
});

describe('the life of an APC', () => {
  it('has the arguments of its queuing, or of its begin where they were not known before', () => {
    const trace = started()
      .queue(0, T, 0, { argument: 7n })
      .armed(T, 2)
      .apcBegins(T, 2, 1, 0, [1n, 2n, 3n])
      .build();
    expect(trace.apc(1)).toMatchObject({ armed: false, arguments: [7n] });
    expect(trace.apc(2)).toMatchObject({ armed: true, arguments: [1n, 2n, 3n] });
  });

  it('ends at once without a routine', () => {
    const trace = started().queue(0, T, NO_ROUTINE, { call: 'ntQueueApcThread' }).build();
    expect(trace.apc(1)?.vanished).toBe(3);
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
