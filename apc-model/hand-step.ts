import { z } from 'zod';
import { objectSchema } from './scenario-objects.ts';
import { CALL_SCHEMAS, type CallStep } from './scenario-steps.ts';

/** What a hand can let a thread do, and make, between the steps of any scenario. */

/** A template of a log line is a text of a program, which a step by hand has none of; awaitState directs a scenario. */
const NOT_BY_HAND = ['log', 'awaitState'] as const;

/** A step for a hand-driven thread: any call of a scenario, with the session's threads, objects and routines by name. */
export type HandStep = Exclude<CallStep, { do: (typeof NOT_BY_HAND)[number] }>;
export type HandCall = HandStep['do'];

const schemas = CALL_SCHEMAS.filter(
  (schema) => !(NOT_BY_HAND as readonly string[]).includes(schema.shape.do.value),
);

export const HAND_CALLS = schemas.map((schema) => schema.shape.do.value) as readonly HandCall[];

export const handStepSchema = z.discriminatedUnion(
  'do',
  schemas as unknown as [(typeof schemas)[number]],
) as unknown as z.ZodType<HandStep>;

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
