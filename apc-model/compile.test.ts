import { describe, expect, it } from 'vitest';
import { neededCapabilities } from './capabilities.ts';
import { compile } from './compile.ts';
import { CALL_NAMES, Call, ObjectType, type CallName } from './event.ts';
import { INSTRUCTION_BYTES, OBJECT_BYTES, OPERAND_ABSENT, PROGRAM_HEADER_BYTES } from './program.ts';
import { parseScenario } from './scenario.ts';
import { STEP_NAMES } from './scenario-steps.ts';

const read = (scenario: object) =>
  compile(parseScenario(JSON.stringify({ alertable: 1, title: 't', ...scenario })));

const HEADER = {
  constants: 3,
  instructions: 4,
  operands: 5,
  routines: 6,
  threads: 7,
  objects: 8,
  texts: 9,
} as const;
const ROW_BYTES = {
  constants: 8,
  instructions: INSTRUCTION_BYTES,
  operands: 4,
  routines: 16,
  threads: 16,
  objects: OBJECT_BYTES,
  texts: 8,
} as const;
type Table = keyof typeof HEADER;

/** A program's bytes, read back as the library reads them. */
class Reader {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  count(table: Table): number {
    return this.#view.getUint32(HEADER[table] * 4, true);
  }
  at(table: Table, row: number): number {
    let start = PROGRAM_HEADER_BYTES;
    for (const one of Object.keys(HEADER) as Table[]) {
      if (one === table) return start + row * ROW_BYTES[table];
      start = (start + this.count(one) * ROW_BYTES[one] + 7) & ~7;
    }
    throw new Error(table);
  }
  u32(table: Table, row: number, field = 0): number {
    return this.#view.getUint32(this.at(table, row) + field * 4, true);
  }
  u64(table: Table, row: number, byte: number): bigint {
    return this.#view.getBigUint64(this.at(table, row) + byte, true);
  }
  text(index: number): string {
    const textStart = (this.at('texts', this.count('texts')) + 7) & ~7;
    const from = textStart + this.u32('texts', index, 0);
    return new TextDecoder().decode(this.#bytes.subarray(from, from + this.u32('texts', index, 1)));
  }

  /** `event go 0 1 0` */
  object(row: number): string {
    const type = Object.entries(ObjectType).find(([, number]) => number === this.u32('objects', row, 1))![0];
    const parameters = [8, 16, 24].map((byte) => this.u64('objects', row, byte));
    return `${type} ${this.text(this.u32('objects', row))} ${parameters.join(' ')}`;
  }

  /** `sleepEx 0x1 10`, with each operand as `class:index`, a constant as its value, a list in brackets. */
  instruction(row: number): string {
    const at = this.at('instructions', row);
    const name = CALL_NAMES[this.#view.getUint16(at, true)] ?? 'flow';
    const flags = this.#view.getUint16(at + 2, true);
    const operands = [0, 1, 2, 3, 4, 5].map((slot) => this.u32('instructions', row, 2 + slot));
    while (operands.at(-1) === OPERAND_ABSENT) operands.pop();
    return [
      name,
      ...(flags === 0 ? [] : [`0x${flags.toString(16)}`]),
      ...operands.map((one) => this.#operand(one)),
    ].join(' ');
  }

  #operand(operand: number): string {
    if (operand === OPERAND_ABSENT) return '-';
    const index = operand & 0x0fffffff;
    switch (operand >>> 28) {
      case 0:
        return String(BigInt.asIntN(64, this.u64('constants', index, 0)));
      case 3:
        return index === 0x0fffffff ? 'self' : `thread:${index}`;
      case 6:
        return JSON.stringify(this.text(index));
      case 8: {
        const count = this.u32('operands', index);
        return `[${Array.from({ length: count }, (_, at) => this.#operand(this.u32('operands', index + 1 + at))).join(' ')}]`;
      }
      default:
        return `${['', 'local', 'variable', '', 'object', 'routine', '', 'target', '', 'handle'][operand >>> 28]}:${index}`;
    }
  }
}

const OBJECTS = {
  go: { type: 'event', signaled: true },
  s: { type: 'semaphore', count: 2 },
  m: { type: 'mutex' },
  t: { type: 'timer', manualReset: true },
  f: { type: 'file', text: 'abc' },
  empty: { type: 'file' },
  p: { type: 'pipe' },
  port: { type: 'port' },
  late: { type: 'port' },
  r: { type: 'reserve' },
  cs: { type: 'criticalSection' },
};

describe('the object table', () => {
  const compiled = read({
    objects: OBJECTS,
    routines: {
      A: [],
      body: [
        { do: 'readFileEx', file: 'f', bytes: 1, routine: 'A' },
        {
          do: 'repeat',
          count: 2,
          steps: [
            { do: 'openHandle', thread: 'T1', desiredAccess: ['THREAD_SET_CONTEXT', 'SYNCHRONIZE'], as: 'h' },
          ],
        },
        { do: 'readDirectoryChanges', routine: 'A', as: 'watch' },
      ],
    },
    threads: { T1: { routine: 'body' } },
    controller: [{ do: 'createCompletionPort', port: 'late' }],
  });
  const program = new Reader(compiled.program);

  it('has the declared objects, both ends of each pipe, then what steps make', () => {
    expect(Array.from({ length: program.count('objects') }, (_, row) => program.object(row))).toEqual([
      'event go 0 1 0',
      'semaphore s 2 2147483647 0',
      'mutex m 0 0 0',
      'timer t 1 0 0',
      'file f 0 0 0',
      'file empty 4294967295 0 0',
      'pipeRead p.read 7 0 0',
      'pipeWrite p.write 6 0 0',
      'port port 0 0 0',
      'port late 1 0 0',
      'reserve r 0 0 0',
      'criticalSection cs 0 0 0',
      'io readFileEx at $.routines.body[0] 0 0 0',
      'handle h 0 0 0',
      'io watch 0 0 0',
    ]);
    expect(program.text(0)).toBe('abc');
  });

  it('is told to whoever judges the run', () => {
    expect(compiled.objectNames.slice(10)).toEqual([
      'r',
      'cs',
      'readFileEx at $.routines.body[0]',
      'h',
      'watch',
    ]);
    expect(compiled.objectTypes[7]).toBe('pipeWrite');
  });
});

describe('the instruction of each call', () => {
  const instructions = (...steps: object[]): string[] => {
    const { program } = read({
      objects: OBJECTS,
      routines: { A: [], body: steps },
      threads: { T1: {}, T2: { routine: 'body' } },
    });
    const reader = new Reader(program);
    // The first is the end of A.
    return steps.map((_, index) => reader.instruction(index + 1));
  };

  const NULL = { handle: 'null' };
  it.each<[object, string]>([
    [{ do: 'sleep', milliseconds: 'INFINITE' }, 'sleep 4294967295'],
    [{ do: 'sleepEx', milliseconds: 5, alertable: true }, 'sleepEx 0x1 5'],
    [{ do: 'waitForSingleObject', object: 'go', milliseconds: 0 }, 'waitForSingleObject object:0 0'],
    [
      { do: 'waitForSingleObjectEx', object: 'T1', milliseconds: 9, alertable: true },
      'waitForSingleObjectEx 0x1 thread:0 9',
    ],
    [
      { do: 'waitForMultipleObjects', objects: ['go', 'self', NULL], waitAll: true, milliseconds: 1 },
      'waitForMultipleObjects 0x2 [object:0 self handle:0] 1',
    ],
    [
      { do: 'waitForMultipleObjectsEx', objects: [], waitAll: true, milliseconds: 1, alertable: true },
      'waitForMultipleObjectsEx 0x3 [] 1',
    ],
    [
      { do: 'signalObjectAndWait', signal: 'm', wait: 'go', milliseconds: 1, alertable: false },
      'signalObjectAndWait object:2 object:0 1',
    ],
    [
      {
        do: 'msgWaitForMultipleObjectsEx',
        objects: ['go'],
        milliseconds: 1,
        flags: ['alertable', 'waitAll', 'inputAvailable'],
      },
      'msgWaitForMultipleObjectsEx 0x23 [object:0] 1',
    ],
    [
      { do: 'getQueuedCompletionStatus', port: 'port', milliseconds: 1 },
      'getQueuedCompletionStatus object:8 1',
    ],
    [
      { do: 'getQueuedCompletionStatusEx', port: 'port', milliseconds: 1, alertable: true },
      'getQueuedCompletionStatusEx 0x1 object:8 1',
    ],
    [{ do: 'ntDelayExecution', milliseconds: 3, alertable: true }, 'ntDelayExecution 0x1 3'],
    [{ do: 'ntTestAlert' }, 'ntTestAlert'],
    [{ do: 'waitOnAddress', variable: 'x', compare: 0, milliseconds: 7 }, 'waitOnAddress variable:0 0 7'],
    [{ do: 'enterCriticalSection', criticalSection: 'cs' }, 'enterCriticalSection object:11'],
    [{ do: 'leaveCriticalSection', criticalSection: 'cs' }, 'leaveCriticalSection object:11'],
    [{ do: 'switchToThread' }, 'switchToThread'],
    [{ do: 'queueUserApc', thread: 'go', routine: 'A' }, 'queueUserApc object:0 routine:0 0'],
    [
      { do: 'queueUserApc2', thread: 'T1', routine: 'A', data: 4, flags: ['special', 'callbackDataContext'] },
      'queueUserApc2 0x18 thread:0 routine:0 4',
    ],
    [{ do: 'ntQueueApcThread', thread: NULL, routine: null }, 'ntQueueApcThread handle:0'],
    [
      { do: 'ntQueueApcThread', thread: 'self', routine: 'A', args: [1, 'arg2'] },
      'ntQueueApcThread self routine:0 1 local:1',
    ],
    [
      { do: 'ntQueueApcThreadEx', thread: 'T1', routine: null, args: [7], flags: ['special'] },
      'ntQueueApcThreadEx 0x8 thread:0 - - 7',
    ],
    [
      { do: 'ntQueueApcThreadEx', thread: 'T1', reserve: 'r', routine: 'A' },
      'ntQueueApcThreadEx thread:0 object:10 routine:0',
    ],
    [{ do: 'setWaitableTimer', timer: 't', dueMs: 0 }, 'setWaitableTimer object:3 0 0'],
    [
      { do: 'setWaitableTimer', timer: 't', dueAtMs: 50, period: -1, routine: 'A', data: 2 },
      'setWaitableTimer 0x40 object:3 50 -1 routine:0 2',
    ],
    [{ do: 'cancelWaitableTimer', timer: 't' }, 'cancelWaitableTimer object:3'],
    [
      { do: 'readFileEx', file: 'p.read', bytes: 8, routine: 'A', offset: 2 },
      'readFileEx object:6 object:12 routine:0 8 2',
    ],
    [
      { do: 'writeFileEx', file: 'f', text: 'xy', routine: 'A' },
      'writeFileEx object:4 object:12 routine:0 "xy"',
    ],
    [{ do: 'writeFileEx', file: 'f', bytes: 4, routine: 'A' }, 'writeFileEx object:4 object:12 routine:0 4'],
    [{ do: 'readDirectoryChanges', routine: 'A' }, 'readDirectoryChanges object:12 routine:0'],
    [{ do: 'setEvent', object: 'go' }, 'setEvent object:0'],
    [{ do: 'resetEvent', object: 'go' }, 'resetEvent object:0'],
    [{ do: 'pulseEvent', object: 'go' }, 'pulseEvent object:0'],
    [{ do: 'releaseSemaphore', object: 's' }, 'releaseSemaphore object:1 1'],
    [{ do: 'releaseMutex', object: 'm' }, 'releaseMutex object:2'],
    [{ do: 'postMessage', thread: 'T1' }, 'postMessage thread:0 32768 0'],
    [{ do: 'postMessage', thread: 'T1', msg: 'WM_USER', wParam: 3 }, 'postMessage thread:0 1024 3'],
    [{ do: 'peekMessage' }, 'peekMessage'],
    [{ do: 'peekMessage', remove: false }, 'peekMessage 0x80'],
    [{ do: 'createCompletionPort', port: 'port' }, 'createCompletionPort object:8'],
    [{ do: 'postQueuedCompletionStatus', port: 'port' }, 'postQueuedCompletionStatus object:8 0 0'],
    [{ do: 'bindToPort', file: 'f', port: 'port', completionKey: 6 }, 'bindToPort object:4 object:8 6'],
    [{ do: 'writePipe', file: 'p.write', text: 'z' }, 'writePipe object:7 "z"'],
    [{ do: 'closePipeEnd', file: 'p.write' }, 'closePipeEnd object:7'],
    [
      { do: 'openHandle', thread: 'T1', desiredAccess: 'THREAD_SET_CONTEXT', as: 'h' },
      'openHandle object:12 thread:0 16',
    ],
    [{ do: 'duplicateHandle', sourceHandle: 'go', as: 'h' }, 'duplicateHandle object:12 object:0'],
    [
      {
        do: 'duplicateHandle',
        sourceHandle: 'go',
        desiredAccess: ['SYNCHRONIZE', 'EVENT_MODIFY_STATE'],
        as: 'h',
      },
      'duplicateHandle object:12 object:0 1048578',
    ],
    [{ do: 'closeHandle', object: 'go' }, 'closeHandle object:0'],
    [{ do: 'createThread', thread: 'T1', suspended: true }, 'createThread 0x4 thread:0'],
    [{ do: 'createThread', thread: 'T1', routine: 'A' }, 'createThread thread:0 routine:0'],
    [{ do: 'suspendThread', thread: { handle: 'currentThread' } }, 'suspendThread handle:2'],
    [{ do: 'resumeThread', thread: { handle: 'bogus' } }, 'resumeThread handle:1'],
    [{ do: 'terminateThread', thread: 'T1', exitCode: 3 }, 'terminateThread thread:0 3'],
    [{ do: 'exitThread', exitCode: 3 }, 'exitThread 3'],
    [{ do: 'log', text: 'a {arg1}' }, 'log "a {arg1}" [local:0]'],
    [{ do: 'compute', microseconds: 5 }, 'compute 5'],
    [{ do: 'awaitState', thread: 'T1', state: 'ended' }, 'awaitState thread:0 6'],
    [{ do: 'set', variable: 'x', value: -2 }, 'set variable:0 -2'],
    [{ do: 'add', variable: 'x', value: 1 }, 'add variable:0 1'],
    [{ do: 'setLastError', value: 'ERROR_BROKEN_PIPE' }, 'setLastError 109'],
    [{ do: 'getLastError' }, 'getLastError'],
  ])('%j', (step, instruction) => {
    expect(instructions(step)).toEqual([instruction]);
  });

  it('that names an I/O names the one that another step begins', () => {
    expect(
      instructions(
        { do: 'readFileEx', file: 'f', bytes: 1, routine: 'A' },
        { do: 'readFileEx', file: 'f', bytes: 1, routine: 'A', as: 'read' },
        { do: 'cancelIoEx', io: 'read' },
        { do: 'getOverlappedResultEx', io: 'read', milliseconds: 0, alertable: true },
      ).slice(2),
    ).toEqual(['cancelIoEx object:13', 'getOverlappedResultEx 0x1 object:13 0']);
  });

  it('uses a handle that another step opens', () => {
    expect(
      instructions(
        { do: 'openHandle', thread: 'self', desiredAccess: 0x800, as: 'mine' },
        { do: 'queueUserApc', thread: 'mine', routine: 'A' },
      ),
    ).toEqual(['openHandle object:12 self 2048', 'queueUserApc object:12 routine:0 0']);
  });

  it('is there for every call of the library', () => {
    const flow = ['if', 'while', 'repeat'];
    const steps = STEP_NAMES.filter((name) => !flow.includes(name));
    expect(steps.toSorted()).toEqual(
      Object.keys(Call)
        .filter((name) => name !== 'none')
        .toSorted(),
    );
    expect(steps.map((name) => Call[name as CallName])).toEqual(
      CALL_NAMES.slice(1).map((name) => Call[name]),
    );
  });
});

describe('what an engine must have', () => {
  const needed = (...steps: object[]) =>
    neededCapabilities(
      read({
        needs: ['awaitState.exact'],
        objects: OBJECTS,
        routines: { A: [{ do: 'if', when: ['arg1', '==', 0], then: steps }] },
      }).scenario,
    );

  it.each<[object, string[]]>([
    [{ do: 'queueUserApc', thread: 'self', routine: 'A' }, []],
    [{ do: 'queueUserApc2', thread: 'self', routine: 'A' }, ['queueUserApc2']],
    [
      { do: 'queueUserApc2', thread: 'self', routine: 'A', flags: ['special', 'callbackDataContext'] },
      ['queueUserApc2', 'queueUserApc2.special', 'queueUserApc2.callbackDataContext'],
    ],
    [{ do: 'ntQueueApcThread', thread: 'self', routine: null }, ['ntQueueApcThread']],
    [
      { do: 'ntQueueApcThreadEx', thread: 'self', reserve: 'r', routine: 'A' },
      ['ntQueueApcThreadEx', 'ntQueueApcThreadEx.reserve'],
    ],
    [
      { do: 'ntQueueApcThreadEx', thread: 'self', reserve: null, routine: 'A', flags: ['special'] },
      ['ntQueueApcThreadEx', 'ntQueueApcThreadEx.special'],
    ],
    [{ do: 'ntQueueApcThreadEx', thread: 'self', reserve: 'go', routine: 'A' }, ['ntQueueApcThreadEx']],
    [{ do: 'ntTestAlert' }, ['ntTestAlert']],
  ])('for %j, also inside an if', (step, capabilities) => {
    expect(needed(step)).toEqual(['awaitState.exact', ...capabilities]);
  });
});
