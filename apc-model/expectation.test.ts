import { describe, expect, it } from 'vitest';
import { compile } from './compile.ts';
import { judge } from './expectation.ts';
import { parseScenario, type Expectation } from './scenario.ts';
import { TraceBuilder } from './trace-builder.ts';

const T1 = 2;

/** Sites in order: 0 q1, 1 q2, 2 poll (in a loop), 3 drain, 4 the APC's log. */
const scenario = (expectations: Expectation[], rest: object = {}) =>
  compile(
    parseScenario(
      JSON.stringify({
        alertable: 1,
        title: 't',
        routines: {
          body: [
            { do: 'queueUserApc', thread: 'self', routine: 'A', as: 'q1' },
            { do: 'queueUserApc', thread: 'self', routine: 'A', as: 'q2' },
            {
              do: 'repeat',
              count: 2,
              steps: [{ do: 'sleepEx', milliseconds: 0, alertable: true, as: 'poll' }],
            },
            { do: 'sleepEx', milliseconds: 5, alertable: true, as: 'drain' },
          ],
          A: [{ do: 'log', text: 'A{arg1} on {threadId}' }],
        },
        threads: { T1: { routine: 'body' } },
        expect: expectations,
        ...rest,
      }),
    ),
  );

/** Both APCs run in the first poll; the second poll and the drain find nothing. */
const trace = (engine: object = {}) =>
  new TraceBuilder(engine)
    .define('thread', T1, 'T1')
    .define('text', 9, 'A{arg1} on {threadId}')
    .created(T1)
    .started(T1)
    .queue(T1, T1, 0, { site: 0 })
    .queue(T1, T1, 0, { site: 1 })
    .at(1e6)
    .begin(T1, 'sleepEx', { alertable: true, site: 2 })
    .apcBegins(T1, 1)
    .log(T1, 9, 1n, 77n)
    .apcEnds(T1, 1)
    .apcBegins(T1, 2)
    .log(T1, 9, 2n, 77n)
    .apcEnds(T1, 2)
    .at(2e6)
    .end(T1, 'sleepEx', 0xc0)
    .begin(T1, 'sleepEx', { alertable: true, site: 2 })
    .end(T1, 'sleepEx', 0)
    .begin(T1, 'sleepEx', { ms: 5, alertable: true, site: 3 })
    .at(7e6)
    .end(T1, 'sleepEx', 0, 87)
    .ended(T1, 3)
    .build();

const judged = (...expectations: Expectation[]) =>
  judge(scenario(expectations), trace()).expectations.map((one) => one.status);

describe('an expectation that holds', () => {
  it.each<Expectation>([
    { call: 'poll', returns: 'WAIT_IO_COMPLETION', lastError: 0, withinMs: 1 },
    { call: 'poll', returns: ['WAIT_IO_COMPLETION', 0] },
    { call: 'poll#2', returns: 0 },
    { call: 'drain', returns: 0, lastError: 'ERROR_INVALID_PARAMETER', notBeforeMs: 5, withinMs: 5 },
    { apc: 'q1', runs: 1, on: 'T1', during: 'poll' },
    { apc: 'q2', runs: 1, during: 'poll#1' },
    { order: ['q1:return', 'q2:return', 'q1', 'q1:end', 'q2', 'poll', 'drain:begin', 'drain'] },
    { log: ['A1 on {threadId}', 'A2 on 77'] },
    { log: ['A1 on 77', 'A2 on 77'], on: 'T1' },
    { thread: 'T1', exitCode: 3, lost: 0, delivered: 2, ended: 'returned' },
  ])('%j', (expectation) => {
    expect(judged(expectation)).toEqual(['passed']);
  });
});

describe('an expectation that does not hold', () => {
  it.each<[Expectation, RegExp]>([
    [{ call: 'drain', returns: 'WAIT_IO_COMPLETION' }, /it returned 0 after 5 ms/],
    [{ call: 'drain', withinMs: 4 }, /it took 5 ms/],
    [{ call: 'drain', notBeforeMs: 6 }, /it took 5 ms/],
    [{ call: 'drain', lastError: 0 }, /last error ERROR_INVALID_PARAMETER \(87\)/],
    [{ call: 'poll', returns: [0, 0] }, /it returned WAIT_IO_COMPLETION \(0xC0\), 0$/],
    [{ call: 'poll#3', returns: 0 }, /the call was never made/],
    [{ apc: 'q1', runs: 0 }, /it ran once/],
    [{ apc: 'q1', runs: 2 }, /it ran once/],
    [{ apc: 'q1', during: 'drain' }, /not during drain/],
    [{ order: ['drain', 'poll'] }, /order: poll, drain/],
    [{ log: ['A1 on 77'] }, /"A1 on 77", "A2 on 77"/],
    [{ thread: 'T1', exitCode: 0 }, /exit code 3/],
    [{ thread: 'T1', lost: 1 }, /0 lost/],
  ])('%j says what happened instead', (expectation, actual) => {
    const [outcome] = judge(scenario([expectation]), trace()).expectations;
    expect(outcome?.status).toBe('failed');
    expect(outcome?.actual).toMatch(actual);
  });

  it('shows the few events around it', () => {
    const [outcome] = judge(scenario([{ call: 'drain', returns: 1 }]), trace()).expectations;
    expect(outcome?.around?.join('\n')).toMatch(/SleepEx returns 0, last error ERROR_INVALID_PARAMETER/);
  });
});

describe('a trace with a gap', () => {
  it('is not judged: what is missing may have happened', () => {
    const gap = new TraceBuilder().created(T1).started(T1).lostEvents(T1, 7).ended(T1).build();
    const verdict = judge(scenario([{ log: [] }, { apc: 'q1', runs: 0 }]), gap);
    expect(verdict.status).toBe('skipped');
    expect(verdict.expectations.map((one) => one.status)).toEqual(['skipped', 'skipped']);
    expect(verdict.expectations[0]?.actual).toMatch(/7 events were lost/);
  });
});

describe('a documented difference', () => {
  const differs = [{ engine: 'win32', on: 'wine<=8.0', fact: 57, expect: [{ call: 'drain', returns: 0 }] }];
  const verdict = (engineLabel: string, wanted: string | number) =>
    judge(
      scenario([{ call: 'drain', returns: wanted }], { differs }),
      trace({ engine: 'win32', engineLabel }),
    ).status;

  it('is accepted where it is documented', () => {
    expect(verdict('win32 on Wine 8.0', 0xc0)).toBe('differs');
  });
  it('is a failure elsewhere', () => {
    expect(verdict('win32 on Wine 10.4', 0xc0)).toBe('failed');
    expect(verdict('win32', 0xc0)).toBe('failed');
  });
  it('is not claimed where the expectation holds', () => {
    expect(verdict('win32 on Wine 8.0', 0)).toBe('passed');
  });
});
