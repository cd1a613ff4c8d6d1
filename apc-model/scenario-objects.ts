import { z } from 'zod';
import { content, name } from './scenario-parts.ts';

/** The objects that a scenario declares. Each type's parameters are those of the Win32 function that makes it. */

const MOST_COUNT = 0x7fffffff;
const counted = (least: number) => {
  const error = `allowed: a whole number from ${least} to ${MOST_COUNT} (a LONG)`;
  return z.int({ error }).min(least, { error }).max(MOST_COUNT, { error }).optional();
};

const object = <const Name extends string, Shape extends z.ZodRawShape>(type: Name, shape: Shape) =>
  z.strictObject({ type: z.literal(type), ...shape });

export const objectSchema = z.discriminatedUnion('type', [
  object('event', { manualReset: z.boolean().optional(), signaled: z.boolean().optional() }),
  object('semaphore', {
    count: counted(0),
    maximum: counted(1),
  }),
  object('mutex', {}),
  object('timer', { manualReset: z.boolean().optional() }),
  object('file', { text: content.optional() }),
  object('pipe', {}),
  object('port', {}),
  object('reserve', {}),
  object('criticalSection', {}),
]);
export type ScenarioObject = z.infer<typeof objectSchema>;
export type ScenarioObjectType = ScenarioObject['type'];

export const objectsSchema = z.record(name, objectSchema).meta({
  description: 'A pipe has two ends: the pipe p is read as p.read and written as p.write.',
});
