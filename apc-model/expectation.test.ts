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

describe('what timers and I/O queue', () => {
  /** Sites in order: 0 set (periodic), 1 read, 2 wait, 3 special, 4 native. */
  const compiled = (expectations: Expectation[]) =>
    compile(
      parseScenario(
        JSON.stringify({
          alertable: 1,
          title: 't',
          objects: { t: { type: 'timer' }, f: { type: 'file' } },
          routines: {
            A: [],
            body: [
              { do: 'setWaitableTimer', timer: 't', dueMs: 1, period: 1, routine: 'A', as: 'set' },
              { do: 'readFileEx', file: 'f', bytes: 1, routine: 'A', as: 'read' },
              { do: 'sleepEx', milliseconds: 5, alertable: true, as: 'wait' },
              { do: 'queueUserApc2', thread: 'self', routine: 'A', flags: ['special'], as: 'special' },
              { do: 'ntQueueApcThread', thread: 'self', routine: 'A', as: 'native' },
            ],
          },
          threads: { T1: { routine: 'body' } },
          expect: expectations,
        }),
      ),
    );
  const SYSTEM = 0xffff;
  const periodic = (retold: 'by the system' | 'by its thread') => {
    const by = retold === 'by the system' ? SYSTEM : T1;
    return new TraceBuilder()
      .define('thread', T1, 'T1')
      .created(T1)
      .started(T1)
      .begin(T1, 'setWaitableTimer', { ms: 1, site: 0, also: [1] })
      .armed(T1, 1, { site: 0 })
      .end(T1, 'setWaitableTimer', 1)
      .begin(T1, 'readFileEx', { site: 1 })
      .armed(T1, 2, { call: 'readFileEx', site: 1 })
      .end(T1, 'readFileEx', 1)
      .begin(T1, 'sleepEx', { ms: 5, alertable: true, site: 2 })
      .apcBegins(T1, 1)
      .armed(T1, 3, { site: 0, by })
      .apcEnds(T1, 1)
      .apcBegins(T1, 2)
      .apcEnds(T1, 2)
      .apcBegins(T1, 3)
      .apcEnds(T1, 3)
      .end(T1, 'sleepEx', 0xc0)
      .queueing(T1, T1, 4, 0, { call: 'queueUserApc2', special: true, site: 3 })
      .apcBegins(T1, 4)
      .apcEnds(T1, 4)
      .queued(T1, 4, 'queueUserApc2')
      .queue(T1, T1, 0, { call: 'ntQueueApcThread', site: 4 })
      .ended(T1)
      .build();
  };

  it.each<Expectation>([
    { apc: 'set', runs: 2, on: 'T1', during: 'wait' },
    { apc: 'read', runs: 1, during: 'wait' },
    { order: ['set:return', 'read:return', 'set', 'set:end', 'read', 'wait', 'special', 'special:return'] },
    { call: 'set', returns: 'TRUE' },
    { apc: 'special', runs: 1, during: 'special' },
    { call: 'native', returns: 'STATUS_SUCCESS' },
    { thread: 'T1', delivered: 4, lost: 1 },
  ])('%j', (expectation) => {
    for (const trace of [periodic('by the system'), periodic('by its thread')]) {
      expect(judge(compiled([expectation]), trace).expectations[0]).toMatchObject({ status: 'passed' });
    }
  });

  it.each<[Expectation, string, string]>([
    [{ apc: 'set', runs: 1 }, 'APC set runs once', 'it ran 2 times'],
    [{ call: 'read', returns: 'FALSE' }, 'read returns FALSE', 'it returned TRUE after 0 ns'],
    [
      { call: 'native', returns: 'STATUS_INVALID_HANDLE' },
      'native returns STATUS_INVALID_HANDLE',
      'it returned STATUS_SUCCESS (0x0) after 0 ns',
    ],
    [
      { call: 'native', returns: 0xc0000008 },
      'native returns STATUS_INVALID_HANDLE (0xC0000008)',
      'it returned STATUS_SUCCESS (0x0) after 0 ns',
    ],
    [{ call: 'wait', lastError: 192 }, 'last error WAIT_IO_COMPLETION (192)', 'last error 0'],
  ])('%j says what happened instead', (expectation, expected, actual) => {
    const [outcome] = judge(compiled([expectation]), periodic('by the system')).expectations;
    expect(outcome).toMatchObject({ status: 'failed', expected, actual });
  });
});

describe('an expectation of an object', () => {
  const OBJECTS = {
    go: { type: 'event' },
    s: { type: 'semaphore' },
    m: { type: 'mutex' },
    w: { type: 'mutex' },
    port: { type: 'port' },
    p: { type: 'pipe' },
    t: { type: 'timer' },
  };
  const compiled = (expectations: Expectation[]) => scenario(expectations, { objects: OBJECTS });
  const ended = new TraceBuilder()
    .define('thread', T1, 'T1')
    .defineObject(0, 'event', 'go')
    .defineObject(1, 'semaphore', 's')
    .defineObject(2, 'mutex', 'm')
    .defineObject(3, 'mutex', 'w')
    .defineObject(4, 'port', 'port')
    .defineObject(5, 'pipeRead', 'p.read')
    .defineObject(6, 'pipeWrite', 'p.write')
    .defineObject(7, 'timer', 't')
    .created(T1)
    .started(T1)
    .objectChanged(T1, 0, 1)
    .objectChanged(T1, 0, 0)
    .objectChanged(T1, 1, 2)
    .objectChanged(T1, 2, 0x1_0002)
    .objectChanged(0, 3, 0x1_fffe, 0)
    .objectChanged(T1, 4, 3, 1)
    .objectChanged(T1, 5, 7)
    .ended(T1)
    .objectChanged(0, 0, 0)
    .objectChanged(0, 1, 2)
    .objectChanged(0, 2, 0x1_0002)
    .build();

  it.each<Expectation>([
    { object: 'go', signaled: false },
    { object: 's', count: 2, signaled: true },
    { object: 'm', owner: 'T1', abandoned: false, signaled: false },
    { object: 'w', owner: 'T1' },
    { object: 'port', packets: 3 },
    { object: 'p.read', bytes: 7 },
    { object: 'T1', signaled: true },
  ])('%j holds', (expectation) => {
    expect(judge(compiled([expectation]), ended).expectations[0]).toMatchObject({ status: 'passed' });
  });

  it.each<[Expectation, string, string]>([
    [{ object: 'go', signaled: true }, 'go: signaled', 'it is not signaled'],
    [{ object: 's', count: 1 }, 's: at count 1', 'it is at count 2'],
    [{ object: 'm', owner: null }, 'm: free', 'it is owned by T1'],
    [{ object: 'm', owner: 'controller' }, 'm: owned by controller', 'it is owned by T1'],
    [{ object: 'w', owner: null }, 'w: free', 'it is owned, by whom is not known'],
    [
      { object: 'm', owner: 'T1', abandoned: true },
      'm: owned by T1; abandoned',
      'it is owned by T1; it is not abandoned',
    ],
    [{ object: 'port', packets: 1 }, 'port: holding 1 packet', 'it is holding 3 packets'],
    [{ object: 't', signaled: true }, 't: signaled', 'of t nothing was told'],
    [{ object: 'T1', signaled: false }, 'T1: not signaled', 'it is signaled'],
  ])('%j says what it is instead', (expectation, expected, actual) => {
    const [outcome] = judge(compiled([expectation]), ended).expectations;
    expect(outcome).toMatchObject({ status: 'failed', expected, actual });
  });

  it('shows the events around its last change', () => {
    const [outcome] = judge(compiled([{ object: 's', count: 9 }]), ended).expectations;
    expect(outcome?.around?.join('\n')).toMatch(
      /go is now not signaled\n.*s is now count 2\n.*m is now owned by T1/,
    );
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
