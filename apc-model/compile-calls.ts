import { ThreadState, type ObjectTypeName } from './event.ts';
import { OPERAND_ABSENT, StepFlag } from './program.ts';
import type { Access, CallStep, Handle, Value } from './scenario.ts';

/** What an instruction of a call has besides its opcode and site. */
export interface CallOperands {
  operands: number[];
  flags: number;
}

/** Makes the operands of one step. `field` is where in the step a problem is to be reported. */
export interface OperandMaker {
  value(field: string, given: Value | undefined): number;
  constant(value: number): number;
  values(field: string, given: readonly Value[]): number[];
  thread(field: string, name: string): number;
  handle(field: string, given: Handle): number;
  handles(field: string, given: readonly Handle[]): number;
  /** An object that must be of one of these types: the call takes no handle, or cannot be made with another. */
  object(field: string, name: string, types: readonly ObjectTypeName[]): number;
  /** The handle that this step's `as` names. */
  place(name: string): number;
  /** The I/O that a step of this `as` begins. */
  io(field: string, name: string): number;
  /** The I/O that this step begins. */
  ownIo(): number;
  routine(field: string, name: string): number;
  variable(name: string): number;
  access(field: string, given: Access): number;
  /** A text of the program as it stands. */
  text(text: string): number;
  log(field: string, text: string): number[];
  /** What the parameter means of which exactly one must be given. */
  oneOf(fields: readonly [string, unknown][]): void;
}

const AWAITED = {
  blocked: ThreadState.blocked,
  alertable: ThreadState.alertable,
  suspended: ThreadState.suspended,
  ended: ThreadState.ended,
} as const;

const WM_APP = 0x8000;

/** The operands of each call, in the order that apc.h states ("Operands of each call"). */
export function callOperands(step: CallStep, make: OperandMaker): CallOperands {
  switch (step.do) {
    case 'sleep':
      return plain(make.value('milliseconds', step.milliseconds));
    case 'sleepEx':
    case 'ntDelayExecution':
      return flagged(alertable(step), make.value('milliseconds', step.milliseconds));
    case 'waitForSingleObject':
      return plain(make.handle('object', step.object), make.value('milliseconds', step.milliseconds));
    case 'waitForSingleObjectEx':
      return flagged(
        alertable(step),
        make.handle('object', step.object),
        make.value('milliseconds', step.milliseconds),
      );
    case 'waitForMultipleObjects':
      return flagged(
        waitAll(step),
        make.handles('objects', step.objects),
        make.value('milliseconds', step.milliseconds),
      );
    case 'waitForMultipleObjectsEx':
      return flagged(
        waitAll(step) | alertable(step),
        make.handles('objects', step.objects),
        make.value('milliseconds', step.milliseconds),
      );
    case 'signalObjectAndWait':
      return flagged(
        alertable(step),
        make.handle('signal', step.signal),
        make.handle('wait', step.wait),
        make.value('milliseconds', step.milliseconds),
      );
    case 'msgWaitForMultipleObjectsEx':
      return flagged(
        flagsOf(step.flags, MESSAGE_WAIT_FLAGS),
        make.handles('objects', step.objects),
        make.value('milliseconds', step.milliseconds),
      );
    case 'getQueuedCompletionStatus':
      return plain(make.handle('port', step.port), make.value('milliseconds', step.milliseconds));
    case 'getQueuedCompletionStatusEx':
      return flagged(
        alertable(step),
        make.handle('port', step.port),
        make.value('milliseconds', step.milliseconds),
      );
    case 'getOverlappedResultEx':
      return flagged(alertable(step), make.io('io', step.io), make.value('milliseconds', step.milliseconds));
    case 'waitOnAddress':
      return plain(
        make.variable(step.variable),
        make.value('compare', step.compare),
        make.value('milliseconds', step.milliseconds),
      );
    case 'enterCriticalSection':
    case 'leaveCriticalSection':
      return plain(make.object('criticalSection', step.criticalSection, ['criticalSection']));
    case 'ntTestAlert':
    case 'switchToThread':
    case 'getLastError':
      return plain();

    case 'queueUserApc':
    case 'queueUserApc2':
      return flagged(
        'flags' in step ? flagsOf(step.flags, APC_FLAGS) : 0,
        make.handle('thread', step.thread),
        make.routine('routine', step.routine),
        make.value('data', step.data),
      );
    case 'ntQueueApcThread':
      return plain(
        make.handle('thread', step.thread),
        optional(step.routine, (name) => make.routine('routine', name)),
        ...make.values('args', step.args ?? []),
      );
    case 'ntQueueApcThreadEx':
      return flagged(
        flagsOf(step.flags, APC_FLAGS),
        make.handle('thread', step.thread),
        optional(step.reserve, (reserve) => make.handle('reserve', reserve)),
        optional(step.routine, (name) => make.routine('routine', name)),
        ...make.values('args', step.args ?? []),
      );
    case 'setWaitableTimer':
      make.oneOf([
        ['dueMs', step.dueMs],
        ['dueAtMs', step.dueAtMs],
      ]);
      return flagged(
        step.dueAtMs === undefined ? 0 : StepFlag.absolute,
        make.handle('timer', step.timer),
        step.dueAtMs === undefined ? make.value('dueMs', step.dueMs) : make.value('dueAtMs', step.dueAtMs),
        make.value('period', step.period),
        optional(step.routine, (name) => make.routine('routine', name)),
        optional(step.data, (data) => make.value('data', data)),
      );
    case 'cancelWaitableTimer':
      return plain(make.handle('timer', step.timer));
    case 'readFileEx':
      return plain(
        make.handle('file', step.file),
        make.ownIo(),
        make.routine('routine', step.routine),
        make.value('bytes', step.bytes),
        optional(step.offset, (offset) => make.value('offset', offset)),
      );
    case 'writeFileEx':
      return plain(
        make.handle('file', step.file),
        make.ownIo(),
        make.routine('routine', step.routine),
        written(step, make),
        optional(step.offset, (offset) => make.value('offset', offset)),
      );
    case 'cancelIoEx':
      return plain(make.io('io', step.io));
    case 'readDirectoryChanges':
      return plain(make.ownIo(), make.routine('routine', step.routine));

    case 'setEvent':
    case 'resetEvent':
    case 'pulseEvent':
    case 'releaseMutex':
    case 'closeHandle':
      return plain(make.handle('object', step.object));
    case 'releaseSemaphore':
      return plain(make.handle('object', step.object), make.value('count', step.count ?? 1));
    case 'postMessage':
      return plain(
        make.thread('thread', step.thread),
        make.value('msg', step.msg ?? WM_APP),
        make.value('wParam', step.wParam),
      );
    case 'peekMessage':
      return flagged(step.remove === false ? StepFlag.keep : 0);
    case 'createCompletionPort':
      return plain(make.object('port', step.port, ['port']));
    case 'postQueuedCompletionStatus':
      return plain(
        make.handle('port', step.port),
        make.value('numberOfBytesTransferred', step.numberOfBytesTransferred),
        make.value('completionKey', step.completionKey),
      );
    case 'bindToPort':
      return plain(
        make.handle('file', step.file),
        make.handle('port', step.port),
        make.value('completionKey', step.completionKey),
      );
    case 'writePipe':
      return plain(make.handle('file', step.file), written(step, make));
    case 'closePipeEnd':
      return plain(make.object('file', step.file, ['pipeRead', 'pipeWrite']));
    case 'openHandle':
      return plain(
        make.place(step.as),
        make.thread('thread', step.thread),
        make.access('desiredAccess', step.desiredAccess),
      );
    case 'duplicateHandle':
      return plain(
        make.place(step.as),
        make.handle('sourceHandle', step.sourceHandle),
        optional(step.desiredAccess, (access) => make.access('desiredAccess', access)),
      );

    case 'createThread':
      return flagged(
        step.suspended === true ? StepFlag.suspended : 0,
        make.thread('thread', step.thread),
        optional(step.routine, (name) => make.routine('routine', name)),
      );
    case 'suspendThread':
    case 'resumeThread':
      return plain(make.handle('thread', step.thread));
    case 'terminateThread':
      return plain(make.handle('thread', step.thread), make.value('exitCode', step.exitCode));
    case 'exitThread':
      return plain(make.value('exitCode', step.exitCode));

    case 'log':
      return plain(...make.log('text', step.text));
    case 'compute':
      return plain(make.value('microseconds', step.microseconds));
    case 'awaitState':
      return plain(make.thread('thread', step.thread), make.constant(AWAITED[step.state]));
    case 'set':
    case 'add':
      return plain(make.variable(step.variable), make.value('value', step.value));
    case 'setLastError':
      return plain(make.value('value', step.value));
  }
}

const MESSAGE_WAIT_FLAGS = {
  alertable: StepFlag.alertable,
  waitAll: StepFlag.waitAll,
  inputAvailable: StepFlag.inputAvailable,
} as const;
const APC_FLAGS = { special: StepFlag.special, callbackDataContext: StepFlag.context } as const;

const plain = (...operands: number[]): CallOperands => ({ operands, flags: 0 });
const flagged = (flags: number, ...operands: number[]): CallOperands => ({ operands, flags });
const alertable = (step: { alertable: boolean }): number => (step.alertable ? StepFlag.alertable : 0);
const waitAll = (step: { waitAll: boolean }): number => (step.waitAll ? StepFlag.waitAll : 0);

const flagsOf = <Name extends string>(
  names: readonly Name[] | undefined,
  bits: Readonly<Record<Name, number>>,
): number => (names ?? []).reduce((flags, name) => flags | bits[name], 0);

/** Absent where the parameter is left out or null. */
const optional = <Given>(given: Given | null | undefined, make: (given: Given) => number): number =>
  given === undefined || given === null ? OPERAND_ABSENT : make(given);

/** What is written: a text, or so many bytes of any kind. */
function written(step: { bytes?: Value | undefined; text?: string | undefined }, make: OperandMaker): number {
  make.oneOf([
    ['bytes', step.bytes],
    ['text', step.text],
  ]);
  return step.text === undefined ? make.value('bytes', step.bytes) : make.text(step.text);
}
