import { describe, expect, it } from 'vitest';
import { endedByApc, isFailure, resultText } from './call-results.ts';
import { callText, durationText, win32Name } from './call-text.ts';
import { Call, SUBJECT_HANDLE, SUBJECT_THREAD, type CallName } from './event.ts';
import { describeEvent } from './event-text.ts';
import { TraceBuilder } from './trace-builder.ts';

describe('a length of time', () => {
  it.each([
    [0, '0 ns'],
    [40.4, '40 ns'],
    [999.6, '1 µs'],
    [850_000, '850 µs'],
    [999_700, '1 ms'],
    [99_960_000, '100 ms'],
    [12_340_000, '12.3 ms'],
    [4.2e9, '4.2 s'],
    [59.96e9, '1 min 0 s'],
    [119.7e9, '2 min 0 s'],
    [150e9, '2 min 30 s'],
  ])('%d ns is %s', (ns, text) => {
    expect(durationText(ns)).toBe(text);
  });
});

describe('a result', () => {
  it.each<[CallName, number, string]>([
    ['sleep', 0, 'nothing (void)'],
    ['sleepEx', 0, '0'],
    ['sleepEx', 0xc0, 'WAIT_IO_COMPLETION (0xC0)'],
    ['waitForSingleObjectEx', 0, 'WAIT_OBJECT_0 (0x0)'],
    ['waitForMultipleObjects', 2, 'WAIT_OBJECT_0 + 2 (0x2)'],
    ['waitForMultipleObjects', 0x81, 'WAIT_ABANDONED_0 + 1 (0x81)'],
    ['msgWaitForMultipleObjectsEx', 0xffffffff, 'WAIT_FAILED (0xFFFFFFFF)'],
    ['ntDelayExecution', 0, 'STATUS_SUCCESS (0x0)'],
    ['ntTestAlert', 0x101, 'STATUS_ALERTED (0x101)'],
    ['ntQueueApcThread', 0xc0000024, 'STATUS_OBJECT_TYPE_MISMATCH (0xC0000024)'],
    ['ntQueueApcThreadEx', 0xc0001234, '0xC0001234'],
    ['setEvent', 1, 'TRUE'],
    ['readFileEx', 0, 'FALSE'],
    ['getQueuedCompletionStatusEx', 0, 'FALSE'],
    ['createThread', 2, 'a handle'],
    ['createCompletionPort', 0, 'NULL'],
    ['queueUserApc', 1, '1'],
    ['suspendThread', 2, '2'],
    ['resumeThread', 0xffffffff, '0xFFFFFFFF'],
  ])('of %s with %d is %s', (call, value, text) => {
    expect(resultText(Call[call], value)).toBe(text);
  });

  it.each<[CallName, number, boolean]>([
    ['waitForSingleObject', 0xffffffff, true],
    ['waitForSingleObject', 0x102, false],
    ['ntQueueApcThread', 0xc0000008, true],
    ['ntDelayExecution', 0x40000024, false],
    ['setEvent', 0, true],
    ['getQueuedCompletionStatus', 0, false],
    ['peekMessage', 0, false],
    ['queueUserApc', 0, true],
    ['awaitState', 0xffffffff, false],
  ])('of %s with %d is a failure: %s', (call, value, fails) => {
    expect(isFailure(Call[call], value)).toBe(fails);
  });

  it.each<[CallName, number, number, boolean]>([
    ['sleepEx', 0xc0, 0, true],
    ['ntDelayExecution', 0xc0, 0, true],
    ['getQueuedCompletionStatusEx', 0, 192, true],
    ['getQueuedCompletionStatusEx', 0, 258, false],
    ['sleepEx', 0, 192, false],
    ['ntTestAlert', 0, 0, false],
  ])('of %s with %d and error %d comes from an APC: %s', (call, value, error, byApc) => {
    expect(endedByApc(Call[call], value, error)).toBe(byApc);
  });
});

describe('a call as people read it', () => {
  const T1 = 2;
  const [GO, S, P, PORT, H, IO] = [0, 1, 2, 3, 4, 5];
  const THREAD = SUBJECT_THREAD + T1;
  const named = () =>
    new TraceBuilder()
      .define('thread', T1, 'T1')
      .define('routine', 0, 'A')
      .defineObject(GO, 'event', 'go')
      .defineObject(S, 'semaphore', 's')
      .defineObject(P, 'pipeRead', 'p.read')
      .defineObject(PORT, 'port', 'port')
      .defineObject(H, 'handle', 'h')
      .defineObject(IO, 'io', 'read');
  const textOf = (builder: TraceBuilder): string => {
    const { table } = builder.build();
    return callText(table, table.length - 1);
  };

  it.each<[CallName, Parameters<TraceBuilder['begin']>[2], string]>([
    ['sleep', { ms: 0xffffffff }, 'Sleep(INFINITE)'],
    ['sleepEx', { ms: 5, alertable: true }, 'SleepEx(5, TRUE)'],
    ['ntDelayExecution', { ms: 5, alertable: true }, 'NtDelayExecution(TRUE, 5 ms)'],
    ['ntTestAlert', {}, 'NtTestAlert()'],
    ['switchToThread', {}, 'SwitchToThread()'],
    ['waitForSingleObject', { ms: 9, subject: GO }, 'WaitForSingleObject(go, 9)'],
    [
      'waitForSingleObjectEx',
      { ms: 2000, alertable: true, subject: THREAD },
      'WaitForSingleObjectEx(T1, 2000, TRUE)',
    ],
    ['waitForSingleObjectEx', { ms: 0, subject: SUBJECT_HANDLE }, 'WaitForSingleObjectEx(NULL, 0, FALSE)'],
    [
      'waitForMultipleObjects',
      { ms: 1, waitAll: true, subject: GO, also: [GO, S] },
      'WaitForMultipleObjects(2, {go, s}, TRUE, 1)',
    ],
    [
      'waitForMultipleObjectsEx',
      { ms: 1, alertable: true, subject: GO, also: Array.from({ length: 65 }, () => GO) },
      'WaitForMultipleObjectsEx(65, {go, go, go, go, … 61 more}, FALSE, 1, TRUE)',
    ],
    [
      'msgWaitForMultipleObjectsEx',
      { ms: 7, alertable: true, waitAll: true, subject: GO, also: [GO] },
      'MsgWaitForMultipleObjectsEx(1, {go}, 7, MWMO_ALERTABLE | MWMO_WAITALL)',
    ],
    ['msgWaitForMultipleObjectsEx', { ms: 7 }, 'MsgWaitForMultipleObjectsEx(0, {}, 7, 0)'],
    [
      'signalObjectAndWait',
      { ms: 3, alertable: true, subject: GO, also: [S] },
      'SignalObjectAndWait(s, go, 3, TRUE)',
    ],
    ['getQueuedCompletionStatus', { ms: 3, subject: PORT }, 'GetQueuedCompletionStatus(port, 3)'],
    [
      'getQueuedCompletionStatusEx',
      { ms: 3, alertable: true, subject: PORT },
      'GetQueuedCompletionStatusEx(port, 3, TRUE)',
    ],
    [
      'getOverlappedResultEx',
      { ms: 0, alertable: true, subject: IO },
      'GetOverlappedResultEx(read, 0, TRUE)',
    ],
    ['waitOnAddress', { ms: 4, also: [2, 9] }, 'WaitOnAddress(variable 2, 9, 4)'],
    ['enterCriticalSection', { ms: 0xffffffff, subject: S }, 'EnterCriticalSection(s)'],
    ['setWaitableTimer', { ms: 50, subject: GO, also: [0] }, 'SetWaitableTimer(go, 50 ms)'],
    [
      'setWaitableTimer',
      { ms: 50, absolute: true, subject: GO, also: [0] },
      'SetWaitableTimer(go, at 50 ms)',
    ],
    [
      'setWaitableTimer',
      { ms: 50, subject: GO, also: [0xffffffff] },
      'SetWaitableTimer(go, 50 ms, period -1 ms)',
    ],
    ['readFileEx', { ms: 8, subject: P, also: [IO] }, 'ReadFileEx(p.read, 8 bytes)'],
    ['writePipe', { ms: 1, subject: P }, 'WriteFile(p.read, 1 byte)'],
    ['cancelIoEx', { subject: IO }, 'CancelIoEx(read)'],
    ['readDirectoryChanges', { subject: IO }, 'ReadDirectoryChangesW(read)'],
    ['setEvent', { subject: GO }, 'SetEvent(go)'],
    ['releaseSemaphore', { ms: 2, subject: S }, 'ReleaseSemaphore(s, 2)'],
    ['postMessage', { ms: 0x8001, subject: THREAD, also: [0] }, 'PostThreadMessageW(T1, WM_APP + 1)'],
    ['peekMessage', { ms: 1 }, 'PeekMessageW(PM_REMOVE)'],
    ['createCompletionPort', { subject: PORT }, 'CreateIoCompletionPort(port)'],
    ['bindToPort', { subject: P, also: [PORT] }, 'CreateIoCompletionPort(p.read, port)'],
    [
      'postQueuedCompletionStatus',
      { ms: 4, subject: PORT, also: [7] },
      'PostQueuedCompletionStatus(port, 4, 7)',
    ],
    ['closePipeEnd', { subject: P }, 'CloseHandle(p.read)'],
    [
      'openHandle',
      { ms: 0x100010, subject: H, also: [THREAD] },
      'OpenThread(THREAD_SET_CONTEXT | SYNCHRONIZE, T1)',
    ],
    ['duplicateHandle', { subject: H, also: [GO] }, 'DuplicateHandle(go)'],
    ['closeHandle', { subject: SUBJECT_HANDLE + 1 }, 'CloseHandle(a bogus handle)'],
    ['suspendThread', { subject: SUBJECT_HANDLE + 2 }, 'SuspendThread(GetCurrentThread())'],
    ['terminateThread', { ms: 5, subject: THREAD }, 'TerminateThread(T1, 5)'],
    ['exitThread', { ms: 5 }, 'ExitThread(5)'],
    ['compute', { ms: 500 }, 'compute(500 µs)'],
    ['awaitState', { ms: 3, subject: THREAD }, 'await: T1 is blocked'],
  ])('%s', (call, options, text) => {
    expect(textOf(named().begin(T1, call, options))).toBe(text);
  });

  it.each<[TraceBuilder, string]>([
    [named().queueing(0, T1, 1, 0, { argument: 7n }), 'QueueUserAPC(A, T1, 7)'],
    [
      named().queueing(0, T1, 1, 0, { call: 'queueUserApc2', special: true, context: true }),
      'QueueUserAPC2(A, T1, 0, QUEUE_USER_APC_FLAGS_SPECIAL_USER_APC | QUEUE_USER_APC_CALLBACK_DATA_CONTEXT)',
    ],
    [named().queueing(0, T1, 1, 0xffff, { call: 'ntQueueApcThread' }), 'NtQueueApcThread(T1, NULL, 0)'],
    [
      named().queueing(0, T1, 1, 0, { call: 'ntQueueApcThreadEx', special: true }),
      'NtQueueApcThreadEx(T1, QUEUE_USER_APC_SPECIAL_USER_APC, A, 0)',
    ],
    [named().queueing(0, 0xfffe, 1), 'QueueUserAPC(A, no thread, 0)'],
  ])('%#, a queuing', (builder, text) => {
    expect(textOf(builder)).toBe(text);
  });

  it('has the name that Windows gives to the function', () => {
    expect(
      ['writePipe', 'openHandle', 'readDirectoryChanges', 'ntTestAlert'].map((call) =>
        win32Name(Call[call as CallName]),
      ),
    ).toEqual(['WriteFile', 'OpenThread', 'ReadDirectoryChangesW', 'NtTestAlert']);
  });

  it.each<[TraceBuilder, RegExp]>([
    [named().armed(T1, 1), /T1: SetWaitableTimer arms APC 1 \(A\) for T1$/],
    [
      named().armed(T1, 1).queued(0xffff, 1, 'setWaitableTimer'),
      /system: APC 1 is queued: its timer expired$/,
    ],
    [named().armed(T1, 1).queued(0, 1, 'readFileEx'), /APC 1 is queued: its I\/O completed$/],
    [named().queue(0, T1), /APC 1 is queued: QueueUserAPC returns 1$/],
    [
      named().queue(0, T1, 0, { call: 'ntQueueApcThread' }),
      /NtQueueApcThread returns STATUS_SUCCESS \(0x0\)$/,
    ],
    [named().queue(0, T1, 0, { fails: 31 }), /QueueUserAPC returns 0, ERROR_GEN_FAILURE$/],
    [named().apcBegins(T1, 1, 1, 0, [1n, 2n, 3n]), /APC 1 begins \(A: 1, 2, 3, depth 1\)$/],
    [named().cancelled(T1, 1), /APC 1 is cancelled$/],
    [named().objectChanged(T1, S, 2), /s is now count 2$/],
    [named().mailbox(T1, 1), /1 step in the mailbox of T1$/],
  ])('%#, an event', (builder, text) => {
    const { table } = builder.build();
    expect(describeEvent(table, table.length - 1)).toMatch(text);
  });
});
