import { Flow, operand, type Instruction, type Program } from './program.ts';

/** A program while it is being made: each constant and text stands in it once, and jumps are given their targets. */
export class ProgramBuilder {
  readonly program: Program = {
    constants: [],
    instructions: [],
    operands: [],
    routines: [],
    threads: [],
    objects: [],
    texts: [],
    variables: 0,
  };
  readonly #constants = new Map<bigint, number>();
  readonly #texts = new Map<string, number>();

  /** @returns an operand */
  constant(value: bigint): number {
    let index = this.#constants.get(value);
    if (index === undefined) {
      index = this.program.constants.push(value) - 1;
      this.#constants.set(value, index);
    }
    return operand('constant', index);
  }

  /** @returns the text's index */
  text(text: string): number {
    let index = this.#texts.get(text);
    if (index === undefined) {
      index = this.program.texts.push(text) - 1;
      this.#texts.set(text, index);
    }
    return index;
  }

  /** A list: a count in the operand table, then its members. @returns an operand */
  list(members: readonly number[]): number {
    const list = this.program.operands.length;
    this.program.operands.push(members.length, ...members);
    return operand('list', list);
  }

  /** @returns the index of the instruction */
  emit(instruction: Instruction): number {
    return this.program.instructions.push(instruction) - 1;
  }

  flow(op: number, operands: number[], flags = 0): number {
    return this.emit({ op, flags, site: 0, operands });
  }

  /** Without a target: `land` gives it one. */
  jump(target?: number): number {
    return this.flow(Flow.jump, target === undefined ? [] : [operand('target', target)]);
  }

  /** Where the next instruction will stand. */
  get here(): number {
    return this.program.instructions.length;
  }

  /** Lets a jump made earlier go to the next instruction. */
  land(jump: number): void {
    this.program.instructions[jump]!.operands.push(operand('target', this.here));
  }
}
