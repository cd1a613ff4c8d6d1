import {
  ABI_VERSION,
  Call,
  CALL_NAMES,
  DefinedClass,
  EndReason,
  FLAG_INFERRED,
  FLAG_MORE,
  HEAD,
  INFINITE,
  KIND_MORE,
  Kind,
  MORE,
  RECORD_BYTES,
  OBJECT_TYPE_NAMES,
  ObjectType,
  PseudoHandle,
  ROUTINE_NONE,
  SITE_NONE,
  SUBJECT_HANDLE,
  SUBJECT_NONE,
  SUBJECT_THREAD,
  THREAD_CONTROLLER,
  THREAD_FIRST,
  THREAD_MAIN,
  THREAD_NONE,
  THREAD_SYSTEM,
  ThreadState,
} from './event.ts';
import {
  Compare,
  Flow,
  INSTRUCTION_BYTES,
  LOCAL_COUNT,
  LOCAL_FIRST_FREE,
  Local,
  OBJECT_BYTES,
  OPERAND_ABSENT,
  OWN_THREAD,
  OperandClass,
  PROGRAM_HEADER_BYTES,
  PROGRAM_MAGIC,
  StepFlag,
  ThreadFlag,
} from './program.ts';

const COMPARE_NAMES = { '==': 'eq', '!=': 'ne', '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge' } as const;

/** Every number of the ABI that this side states too, by the names that apc_describe gives them. */
export function statedAbi(): Map<string, number> {
  const stated = new Map<string, number>([['abi', ABI_VERSION]]);
  const group = (name: string, numbers: Readonly<Record<string, number>>): void => {
    for (const [key, number] of Object.entries(numbers)) stated.set(`${name}.${key}`, number);
  };
  group('kind', { ...Kind, more: KIND_MORE });
  group('flag', { inferred: FLAG_INFERRED, more: FLAG_MORE });
  group('class', DefinedClass);
  group('endReason', EndReason);
  group('state', ThreadState);
  group('subject', { none: SUBJECT_NONE, thread: SUBJECT_THREAD, handle: SUBJECT_HANDLE });
  group('thread', {
    main: THREAD_MAIN,
    controller: THREAD_CONTROLLER,
    first: THREAD_FIRST,
    system: THREAD_SYSTEM,
    none: THREAD_NONE,
  });
  group('routine', { none: ROUTINE_NONE });
  group('site', { none: SITE_NONE });
  group('milliseconds', { infinite: INFINITE });
  group('call', Object.fromEntries(CALL_NAMES.slice(1).map((name) => [name, Call[name]])));
  group('objectType', Object.fromEntries(OBJECT_TYPE_NAMES.slice(1).map((name) => [name, ObjectType[name]])));
  group('handle', PseudoHandle);
  group('op', Flow);
  group(
    'compare',
    Object.fromEntries(
      Object.entries(Compare).map(([sign, number]) => [COMPARE_NAMES[sign as keyof typeof Compare], number]),
    ),
  );
  group('step', StepFlag);
  group('operand', { ...OperandClass, valueMask: OWN_THREAD, absent: OPERAND_ABSENT });
  group('local', { ...Local, firstFree: LOCAL_FIRST_FREE, count: LOCAL_COUNT });
  group('threadFlag', ThreadFlag);
  group('program', { magic: PROGRAM_MAGIC });
  group('apc_record', {
    bytes: RECORD_BYTES,
    time_ns: HEAD.timeLow32 * 4,
    ticket: HEAD.ticket32 * 4,
    kind: HEAD.kind16 * 2,
    flags: HEAD.flags16 * 2,
    thread: HEAD.thread16 * 2,
    call: HEAD.call16 * 2,
    subject: HEAD.subject32 * 4,
    value: HEAD.valueLow32 * 4,
  });
  group('apc_more', {
    bytes: RECORD_BYTES,
    kind: MORE.kind16 * 2,
    what: MORE.what16 * 2,
    count: MORE.count32 * 4,
    u: MORE.firstValue32 * 4,
  });
  group('apc_instruction', { bytes: INSTRUCTION_BYTES, op: 0, flags: 2, site: 4, a: 8 });
  group('apc_object_entry', { bytes: OBJECT_BYTES, name_text: 0, type: 4, parameter: 8 });
  group('apc_program_header', { bytes: PROGRAM_HEADER_BYTES });
  return stated;
}

/** Groups of which neither side may have a member that the other lacks. */
const WHOLE_GROUPS = /^(kind|call|op|operand|step|objectType|handle|subject|thread|endReason|state|class)\./;

/** The first number in which the library's description and this side differ, as a clause; undefined where none does. */
export function abiDifference(described: string): string | undefined {
  const theirs = new Map<string, number>();
  for (const line of described.split('\n')) {
    const at = line.indexOf('=');
    if (at > 0) theirs.set(line.slice(0, at), Number(line.slice(at + 1)));
  }
  const ours = statedAbi();
  for (const [name, number] of ours) {
    const other = theirs.get(name);
    if (other !== number) return `${name} is ${other ?? 'missing'} in the library and ${number} in the app`;
  }
  for (const name of theirs.keys()) {
    if (WHOLE_GROUPS.test(name) && !ours.has(name) && name !== 'operand.none')
      return `${name} is unknown to the app`;
  }
  return undefined;
}
