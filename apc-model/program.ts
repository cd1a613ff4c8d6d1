import { ABI_VERSION } from './event.ts';

/**
 * A program as the native library loads it (apc.h, "Programs"): constants and fixed-size instructions with jumps. This
 * file only lays it out in bytes; `compile.ts` makes it out of a scenario.
 */

export const Flow = { end: 0x100, jump: 0x101, jumpUnless: 0x102, setLocal: 0x103, addLocal: 0x104 } as const;
export const Compare = { '==': 0, '!=': 1, '<': 2, '<=': 3, '>': 4, '>=': 5 } as const;
export const StepFlag = {
  alertable: 0x1,
  waitAll: 0x2,
  suspended: 0x4,
  special: 0x8,
  context: 0x10,
  /** msgWaitForMultipleObjectsEx: input that was seen before counts too. */
  inputAvailable: 0x20,
  /** setWaitableTimer: due counts from the session's start. */
  absolute: 0x40,
  /** peekMessage: leave the message where it is. */
  keep: 0x80,
} as const;
export const ThreadFlag = { starts: 0x1, suspended: 0x2, controller: 0x4 } as const;

export const OperandClass = {
  constant: 0,
  local: 1,
  variable: 2,
  thread: 3,
  object: 4,
  routine: 5,
  text: 6,
  target: 7,
  list: 8,
  handle: 9,
} as const;
const VALUE_MASK = 0x0fffffff;
export const OPERAND_ABSENT = 0xffffffff;
/** As a thread operand: the own thread. */
export const OWN_THREAD = VALUE_MASK;

export const operand = (operandClass: keyof typeof OperandClass, value: number): number =>
  ((OperandClass[operandClass] << 28) | (value & VALUE_MASK)) >>> 0;

export const operandClass = (one: number): number => one >>> 28;
export const operandValue = (one: number): number => one & VALUE_MASK;

/** One object to be made: what its parameters mean for each type, apc.h says ("Objects"). */
export interface ObjectEntry {
  nameText: number;
  type: number;
  /** At most three; those that are left out are 0. */
  parameters: readonly bigint[];
}

/** Locals of one activation, by the names that scenarios use. */
export const Local = {
  arg1: 0,
  arg2: 1,
  arg3: 2,
  result: 3,
  lastError: 4,
  elapsedNs: 5,
  threadId: 6,
} as const;
export const LOCAL_FIRST_FREE = 8;
export const LOCAL_COUNT = 24;

export interface Instruction {
  op: number;
  flags: number;
  site: number;
  /** At most six. */
  operands: number[];
}

export interface Program {
  constants: bigint[];
  instructions: Instruction[];
  /** Lists: a count, then that many operands. */
  operands: number[];
  routines: { first: number; count: number; nameText: number }[];
  threads: { nameText: number; routine: number; flags: number }[];
  objects: ObjectEntry[];
  texts: string[];
  variables: number;
}

export const PROGRAM_MAGIC = 0x50435041;
export const PROGRAM_HEADER_BYTES = 48;
export const INSTRUCTION_BYTES = 32;
export const OBJECT_BYTES = 32;
const utf8 = new TextEncoder();

/** The instruction's 32 bytes, little endian. */
export function writeInstruction(view: DataView, at: number, instruction: Instruction): void {
  view.setUint16(at, instruction.op, true);
  view.setUint16(at + 2, instruction.flags, true);
  view.setUint32(at + 4, instruction.site, true);
  for (let slot = 0; slot < 6; slot++) {
    view.setUint32(at + 8 + slot * 4, instruction.operands[slot] ?? OPERAND_ABSENT, true);
  }
}

/** The program in the bytes that apc_load takes. */
export function encodeProgram(program: Program): Uint8Array {
  const texts = program.texts.map((text) => utf8.encode(text));
  const textBytes = texts.reduce((sum, text) => sum + text.length, 0);
  const sizes = [
    program.constants.length * 8,
    program.instructions.length * INSTRUCTION_BYTES,
    program.operands.length * 4,
    program.routines.length * 16,
    program.threads.length * 16,
    program.objects.length * OBJECT_BYTES,
    texts.length * 8,
    textBytes,
  ];
  const offsets: number[] = [];
  let end = PROGRAM_HEADER_BYTES;
  for (const size of sizes) {
    offsets.push(end);
    end = align8(end + size);
  }
  const bytes = new Uint8Array(end);
  const view = new DataView(bytes.buffer);
  const header = [
    PROGRAM_MAGIC,
    ABI_VERSION,
    end,
    program.constants.length,
    program.instructions.length,
    program.operands.length,
    program.routines.length,
    program.threads.length,
    program.objects.length,
    texts.length,
    textBytes,
    program.variables,
  ];
  header.forEach((field, at) => view.setUint32(at * 4, field, true));
  const [constants, instructions, operands, routines, threads, objects, textTable, textStart] = offsets as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  program.constants.forEach((constant, at) =>
    view.setBigUint64(constants + at * 8, BigInt.asUintN(64, constant), true),
  );
  program.instructions.forEach((one, at) =>
    writeInstruction(view, instructions + at * INSTRUCTION_BYTES, one),
  );
  program.operands.forEach((one, at) => view.setUint32(operands + at * 4, one, true));
  program.routines.forEach((routine, at) => {
    view.setUint32(routines + at * 16, routine.first, true);
    view.setUint32(routines + at * 16 + 4, routine.count, true);
    view.setUint32(routines + at * 16 + 8, routine.nameText, true);
  });
  program.threads.forEach((thread, at) => {
    view.setUint32(threads + at * 16, thread.nameText, true);
    view.setUint32(threads + at * 16 + 4, thread.routine, true);
    view.setUint32(threads + at * 16 + 8, thread.flags, true);
  });
  program.objects.forEach((object, at) => {
    view.setUint32(objects + at * OBJECT_BYTES, object.nameText, true);
    view.setUint32(objects + at * OBJECT_BYTES + 4, object.type, true);
    object.parameters.forEach((parameter, slot) =>
      view.setBigUint64(objects + at * OBJECT_BYTES + 8 + slot * 8, BigInt.asUintN(64, parameter), true),
    );
  });
  let offset = 0;
  texts.forEach((text, at) => {
    view.setUint32(textTable + at * 8, offset, true);
    view.setUint32(textTable + at * 8 + 4, text.length, true);
    bytes.set(text, textStart + offset);
    offset += text.length;
  });
  return bytes;
}

const align8 = (bytes: number): number => (bytes + 7) & ~7;
