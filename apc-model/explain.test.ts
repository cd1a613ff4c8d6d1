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
      'await: T1 has ended, not alertable',
    ],
    [named().queue(0, T1).ended(T1, 7), 'ended, exit code 7, 1 APC lost'],
    [named().suspended(T1, 2, 0), 'suspended (count 2)'],
  ])('%#', (builder, text) => {
    expect(activity(builder)).toBe(text);
  });
});
