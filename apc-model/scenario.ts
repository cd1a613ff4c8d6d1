import { z } from 'zod';
import { duplicateKeys } from './duplicate-keys.ts';
import { ScenarioError, problemsOf } from './scenario-errors.ts';
import { objectSchema, objectsSchema } from './scenario-objects.ts';
import { name } from './scenario-parts.ts';
import { STEP_NAMES, stepSchema } from './scenario-steps.ts';

export { ScenarioError, jsonPath } from './scenario-errors.ts';
export type { Access, Handle, Value } from './scenario-parts.ts';
export type { ScenarioObject, ScenarioObjectType } from './scenario-objects.ts';
export type { CallStep, Step, When } from './scenario-steps.ts';

/**
 * A scenario: objects, routines, threads, a controller and what must be seen. One declaration makes the types, the
 * check at run time and the published JSON Schema. Names and meanings: contracts.md ("A scenario").
 */

export const SCENARIO_VERSION = 1;

/** `drain`, or `drain#2` for its second instance. */
const instance = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]*(#[1-9][0-9]*)?$/)
  .meta({ description: 'The name of a call or APC (its "as"), with #2 for the second instance.' });
const moment = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]*(#[1-9][0-9]*)?(:(begin|end|return))?$/)
  .meta({ description: 'A call (its return) or an APC (its begin); :begin, :end or :return to be exact.' });
const result = z
  .union([z.int(), z.string().min(1).max(64)])
  .meta({ description: 'A number or its Win32 name.' });
const count = z.int().min(0);

export const expectationSchema = z.union([
  z.strictObject({
    call: instance,
    returns: z.union([result, z.array(result)]).optional(),
    lastError: result.optional(),
    withinMs: z.number().min(0).optional(),
    notBeforeMs: z.number().min(0).optional(),
  }),
  z.strictObject({
    apc: instance,
    runs: count.optional(),
    on: name.optional(),
    during: instance.optional(),
  }),
  z.strictObject({ order: z.array(moment).min(2) }),
  z.strictObject({ log: z.array(z.string()), on: name.optional() }),
  z.strictObject({
    thread: name,
    exitCode: result.optional(),
    lost: count.optional(),
    delivered: count.optional(),
    ended: z.enum(['returned', 'exitThread', 'terminated', 'stopped']).optional(),
  }),
  z.strictObject({
    object: name.meta({ description: 'An object, an end of a pipe, or a thread: as it was last seen.' }),
    signaled: z
      .boolean()
      .optional()
      .meta({ description: 'A mutex: free; a semaphore: its count is above 0; a thread: it has ended.' }),
    count: count.optional().meta({ description: 'Of a semaphore.' }),
    owner: name
      .nullable()
      .optional()
      .meta({ description: 'The thread that owns a mutex or critical section; null for none.' }),
    abandoned: z.boolean().optional().meta({ description: 'Of a mutex.' }),
    packets: count.optional().meta({ description: 'How many stand in a port.' }),
    bytes: count.optional().meta({ description: 'That a file holds, or that a pipe holds unread.' }),
  }),
]);
export type Expectation = z.infer<typeof expectationSchema>;

const differs = z.strictObject({
  engine: z.enum(['posix', 'win32']),
  on: z.string().optional().meta({ description: 'For example "wine<=8.0".' }),
  fact: z.int().min(1).max(140),
  expect: z.array(expectationSchema),
});

export const scenarioSchema = z
  .strictObject({
    $schema: z.string().optional(),
    alertable: z.literal(SCENARIO_VERSION).meta({ description: 'The version of this format.' }),
    title: z.string().min(1).max(200),
    about: z.string().max(1000).optional().meta({ description: 'One or two sentences for the gallery.' }),
    facts: z.array(z.int().min(1).max(140)).optional(),
    needs: z.array(z.string()).optional(),
    timeoutMs: z.int().min(1).max(3_600_000).optional(),
    objects: objectsSchema.optional(),
    routines: z.record(name, z.array(stepSchema)).optional(),
    threads: z
      .record(
        name,
        z.strictObject({
          routine: name.optional(),
          suspended: z.boolean().optional(),
          start: z.boolean().optional(),
        }),
      )
      .optional(),
    controller: z.array(stepSchema).optional(),
    expect: z.array(expectationSchema).optional(),
    differs: z.array(differs).optional(),
  })
  .meta({ title: 'Alertable scenario' });
export type Scenario = z.infer<typeof scenarioSchema>;

export const DEFAULT_TIMEOUT_MS = 10_000;

/** Does it expect a call to take so long? Then it runs alone, undisturbed by others. */
export const measuresTime = ({ expect }: Scenario): boolean =>
  (expect ?? []).some(
    (one) => 'call' in one && (one.withinMs !== undefined || one.notBeforeMs !== undefined),
  );

/** Reads a scenario from JSON text. Throws a ScenarioError that names every problem; names are checked by `compile`. */
export function parseScenario(json: string): Scenario {
  // Windows editors put a byte order mark before UTF-8.
  const source = json.replace(/^\uFEFF/, '');
  let data: unknown;
  try {
    data = JSON.parse(source);
  } catch (error) {
    throw new ScenarioError([`the file is not JSON: ${(error as Error).message}`]);
  }
  if (depthOf(data) > MAX_DEPTH) {
    throw new ScenarioError([
      `$: steps are nested more than ${MAX_DEPTH} deep; move some into a routine of their own`,
    ]);
  }
  const twice = duplicateKeys(source);
  if (twice.length > 0) throw new ScenarioError(twice.map((path) => `${path}: stands twice; remove one`));
  const parsed = scenarioSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new ScenarioError(parsed.error.issues.flatMap((issue) => problemsOf(issue, data, CHOICES)));
}

/** Objects and lists inside each other; a loop in a loop in a loop takes six. */
const MAX_DEPTH = 200;

/** Level by level, so that no depth is too much for it; stops counting beyond MAX_DEPTH. */
function depthOf(data: unknown): number {
  let level: unknown[] = [data];
  for (let depth = 0; ; depth++) {
    level = level.flatMap((one) =>
      typeof one === 'object' && one !== null ? Object.values(one as Record<string, unknown>) : [],
    );
    if (level.length === 0 || depth > MAX_DEPTH) return depth;
  }
}

/** The published JSON Schema, which editors and `cli -- schema` use. */
export const scenarioJsonSchema = (): unknown => z.toJSONSchema(scenarioSchema, { io: 'input' });

const CHOICES = {
  do: STEP_NAMES,
  type: objectSchema.options.map((option) => option.shape.type.value),
};
