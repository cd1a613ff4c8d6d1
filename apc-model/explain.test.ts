import { describe, expect, it } from 'vitest';
import { describeActivity, explainPending } from './explain.ts';
import { TraceBuilder } from './trace-builder.ts';

const T1 = 2;
const named = () => new TraceBuilder().define('thread', T1, 'T1').created(T1).started(T1);

const explained = (builder: TraceBuilder, nowNs = 0) => {
  const trace = builder.build();
  const thread = trace.history.atCount(trace.table.length).threads.find((one) => one.index === T1)!;
  return explainPending(trace.table, thread.userQueue[0]!, thread, nowNs);
};

describe('why has this APC not run?', () => {
  it('names the wait that is not alertable, how long it lasts, and what would help', () => {
    const { sentence, remedy, fact } = explained(
      named().queue(0, T1).begin(T1, 'sleep', { ms: 5000 }),
      800e6,
    );
    expect(sentence).toBe('T1 is in Sleep(5000), which is not alertable, for another 4.2 s.');
    expect(remedy).toMatch(/^It will run when T1 calls SleepEx, WaitForSingleObjectEx/);
    expect(fact).toBe(37);
  });

  it.each<[string, TraceBuilder, RegExp, number]>([
    ['a thread that runs', named().queue(0, T1), /running its own code/, 28],
    ['one that has not started', new TraceBuilder().created(T1).queue(0, T1), /not started/, 19],
    ['a suspended one', named().queue(0, T1).suspended(T1, 1, 0), /suspended \(count 1\)/, 106],
    [
      'one behind another APC',
      named().queue(0, T1).queue(0, T1).begin(T1, 'sleepEx', { alertable: true }).apcBegins(T1, 1),
      /their turn/,
      32,
    ],
    ['one whose queuing has not returned', named().queueing(0, T1, 1), /has not returned yet/, 36],
    [
      'a hand-driven one',
      new TraceBuilder().createdByHand(T1).started(T1).queue(0, T1),
      /waits for your next step/,
      28,
    ],
  ])('%s', (_name, builder, sentence, fact) => {
    const explanation = explained(builder);
    expect(explanation.sentence).toMatch(sentence);
    expect(explanation.fact).toBe(fact);
  });

  it('tells a suspended alertable wait from any other suspended thread', () => {
    const waiting = named().queue(0, T1).begin(T1, 'sleepEx', { ms: 9, alertable: true }).suspended(T1, 1, 0);
    expect(explained(waiting).remedy).toMatch(/its wait is alertable, so the APC then runs at once/);
    expect(explained(named().queue(0, T1).suspended(T1, 1, 0)).remedy).toMatch(/It will run when T1 calls/);
  });
});

describe('what would end the wait?', () => {
  const [GO, S, M, T, PORT, IO] = [0, 1, 2, 3, 4, 5];
  const lab = () =>
    named()
      .defineObject(GO, 'event', 'go')
      .defineObject(S, 'semaphore', 's')
      .defineObject(M, 'mutex', 'm')
      .defineObject(T, 'timer', 't')
      .defineObject(PORT, 'port', 'port')
      .defineObject(IO, 'io', 'read')
      .define('thread', 3, 'T2')
      .queue(0, T1);

  it.each<[TraceBuilder, string, number]>([
    [lab().begin(T1, 'waitForSingleObject', { subject: GO }), 'when go is set', 37],
    [lab().begin(T1, 'waitForSingleObject', { subject: 0x80000003 }), 'when T2 ends', 37],
    [lab().begin(T1, 'waitForSingleObjectEx', { subject: M }), 'when m is released, or its owner ends', 37],
    [lab().begin(T1, 'signalObjectAndWait', { subject: T, also: [M] }), 'when t expires', 37],
    [
      lab().begin(T1, 'waitForMultipleObjects', { subject: GO, also: [GO, S] }),
      'when go is set or s is released',
      37,
    ],
    [
      lab().begin(T1, 'waitForMultipleObjects', { subject: GO, also: [GO, S], waitAll: true }),
      'when go is set and s is released, all at once',
      37,
    ],
    [
      lab().begin(T1, 'msgWaitForMultipleObjectsEx', { subject: GO, also: [GO] }),
      'when go is set or a message comes',
      73,
    ],
    [lab().begin(T1, 'msgWaitForMultipleObjectsEx', {}), 'when a message comes', 73],
    [lab().begin(T1, 'getQueuedCompletionStatus', { subject: PORT }), 'when a packet comes to port', 78],
    [lab().begin(T1, 'getOverlappedResultEx', { subject: IO }), 'when its read or write completes', 37],
    [lab().begin(T1, 'enterCriticalSection', { subject: S }), 'when its owner leaves s', 38],
    [lab().begin(T1, 'waitOnAddress', {}), 'when the variable is changed', 38],
    [lab().begin(T1, 'writePipe', { subject: S }), 'when there is room in the pipe', 38],
  ])('%#', (builder, end, fact) => {
    const explanation = explained(builder);
    expect(explanation.remedy).toMatch(new RegExp(`^It will run when T1 calls .* This wait ends ${end}\\.$`));
    expect(explanation.fact).toBe(fact);
  });
});

describe('why has this timer’s, I/O’s or special APC not run?', () => {
  const special = (builder: TraceBuilder) => {
    const trace = builder.build();
    const thread = trace.history.atCount(trace.table.length).threads.find((one) => one.index === T1)!;
    return explainPending(trace.table, thread.specialQueue[0]!, thread, 0);
  };
  const queued = () => named().queue(0, T1, 0, { call: 'queueUserApc2', special: true });

  it.each<[string, () => { sentence: string; fact: number }, RegExp, number]>([
    ['a timer', () => explained(named().armed(T1, 1)), /Its timer queues it when it expires/, 91],
    ['a read', () => explained(named().armed(T1, 1, { call: 'readFileEx' })), /^ReadFileEx queues it/, 83],
    [
      'a wait without an end',
      () => special(queued().begin(T1, 'sleep', { ms: 0xffffffff })),
      /Sleep\(INFINITE\), without a time limit: a special APC interrupts no wait/,
      126,
    ],
    [
      'a thread that awaits another',
      () => special(queued().begin(T1, 'awaitState', { ms: 4, subject: 0x80000000 + T1 })),
      /waits until T1 is alertable: a special APC interrupts no wait/,
      126,
    ],
    [
      'a user APC of a thread that awaits another',
      () =>
        explained(
          named()
            .queue(0, T1)
            .begin(T1, 'awaitState', { ms: 4, subject: 0x80000000 + T1 }),
        ),
      /^T1 waits until T1 is alertable, and that wait is not alertable\.$/,
      37,
    ],
    ['running code', () => special(queued()), /interrupts what T1 is doing/, 125],
    ['a suspended thread', () => special(queued().suspended(T1, 1, 0)), /not even a special one/, 135],
  ])('%s', (_name, explanation, sentence, fact) => {
    const { sentence: said, fact: shown } = explanation();
    expect(said).toMatch(sentence);
    expect(shown).toBe(fact);
  });
});

describe('what is it doing?', () => {
  const activity = (builder: TraceBuilder, nowNs = 0) => {
    const trace = builder.build();
    const thread = trace.history.atCount(trace.table.length).threads.find((one) => one.index === T1)!;
    return describeActivity(trace.table, thread, nowNs);
  };

  it.each<[TraceBuilder, string]>([
    [
      named().begin(T1, 'sleepEx', { ms: 0xffffffff, alertable: true }),
      'SleepEx(INFINITE, TRUE), alertable, without a time limit',
    ],
    [named().begin(T1, 'sleep', { ms: 20 }), 'Sleep(20), not alertable, for another 20 ms'],
    [
      named().begin(T1, 'awaitState', { ms: 6, subject: 0x80000000 + T1 }),
      'waiting until T1 has ended (not alertable itself)',
    ],
    [named().queue(0, T1).ended(T1, 7), 'ended, exit code 7, 1 APC lost'],
    [named().suspended(T1, 2, 0), 'suspended (count 2)'],
  ])('%#', (builder, text) => {
    expect(activity(builder)).toBe(text);
  });
});
