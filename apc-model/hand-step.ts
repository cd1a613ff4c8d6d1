import { z } from 'zod';
import { objectSchema } from './scenario-objects.ts';
import { CALL_SCHEMAS, type CallStep } from './scenario-steps.ts';

/** What a hand can let a thread do, and make, between the steps of any scenario. */

/** A step for a hand-driven thread: any call of a scenario, with the session's threads, objects and routines by name. */
export type HandStep = CallStep;
export type HandCall = HandStep['do'];

export const HAND_CALLS: readonly HandCall[] = CALL_SCHEMAS.map((schema) => schema.shape.do.value);

export const handStepSchema: z.ZodType<HandStep> = z.discriminatedUnion('do', CALL_SCHEMAS);

/** An object made by hand: as a scenario declares it. */
export type HandObject = z.infer<typeof objectSchema>;
export const handObjectSchema: z.ZodType<HandObject> = objectSchema;
export const HAND_OBJECT_TYPES = objectSchema.options.map((option) => option.shape.type.value);

/** What a step or an object by hand can't be: which of its parameters, and what would be right. */
export class HandFault extends Error {
  readonly field: string;
  readonly problem: string;
  constructor(field: string, problem: string) {
    super(`${field}: ${problem}.`);
    this.name = 'HandFault';
    this.field = field;
    this.problem = problem;
  }
}
