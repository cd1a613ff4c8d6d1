import { z } from 'zod';
import { ENGINE_RULE } from './expectation-engine.ts';
import { MOST_PROBLEMS, ScenarioError, problemsOf } from './scenario-errors.ts';
import { readJson } from './scenario-json.ts';
import { objectSchema, objectsSchema } from './scenario-objects.ts';
import { MOST_EXACT, name, result, span } from './scenario-parts.ts';
import { CALL_SCHEMAS, STEP_NAMES, stepSchema } from './scenario-steps.ts';
import { numberNames } from './win32-names.ts';

export { ScenarioError, jsonPath, shownPath } from './scenario-errors.ts';
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
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]*(#[1-9][0-9]*)?$/, {
    error: 'allowed: the "as" of a step, with #2 for its second instance',
  })
  .meta({ description: 'The name of a call or APC (its "as"), with #2 for the second instance.' });
const moment = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]*(#[1-9][0-9]*)?(:(begin|end|return))?$/, {
    error: 'allowed: the "as" of a step, with #2 for its second instance, and :begin, :end or :return',
  })
  .meta({ description: 'A call (its return) or an APC (its begin); :begin, :end or :return to be exact.' });
const whole = (least: number, most: number) => {
  const error = `allowed: a whole number ${span(least, most)}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
};
const count = whole(0, MOST_EXACT);
const duration = { error: 'allowed: a number of milliseconds from 0' };
const milliseconds = z.number(duration).min(0, duration);
const results = z.union([result, z.array(result)]);

const expectations = [
  z.strictObject({
    call: instance,
    returns: results.optional(),
    lastError: result.optional(),
    withinMs: milliseconds.optional(),
    notBeforeMs: milliseconds.optional(),
  }),
  z.strictObject({
    apc: instance,
    runs: count.optional(),
    on: name.optional(),
    during: instance.optional(),
  }),
  z.strictObject({ order: z.array(moment).min(2, { error: 'allowed: a list of at least two names' }) }),
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
] as const;
/** What an expectation is about: the first key of each kind. */
const SUBJECTS = expectations.map((one) => Object.keys(one.shape)[0]!);

export const expectationSchema = z.union(expectations, { error: expectationWords });
/** Where an expectation is about one thing, what in it is wrong tells more. */
function expectationWords({ input }: { input?: unknown }): string | undefined {
  const isObject = typeof input === 'object' && input !== null && !Array.isArray(input);
  const about = isObject ? SUBJECTS.filter((subject) => Object.hasOwn(input, subject)) : [];
  return about.length === 1
    ? undefined
    : `allowed: an object with one of ${SUBJECTS.join(', ')}, and what is expected of it`;
}
export type Expectation = z.infer<typeof expectationSchema>;

const fact = whole(1, 140);
const onWords = { error: 'allowed: "windows", "wine", or "wine" with a version, such as "wine<=8.0"' };
const differs = z
  .strictObject({
    engine: z.enum(['posix', 'win32']),
    on: z
      .string(onWords)
      .regex(ENGINE_RULE, onWords)
      .optional()
      .meta({ description: '"windows", "wine", or "wine" with a version, such as "wine<=8.0".' }),
    fact,
    expect: z.array(expectationSchema),
  })
  .refine(({ engine, on }) => engine === 'win32' || on === undefined, {
    path: ['on'],
    error: 'allowed: only beside "engine": "win32"; remove it',
  });
const titleWords = { error: 'allowed: a string of 1 to 200 characters' };
const aboutWords = { error: 'allowed: a string of at most 1000 characters' };

export const scenarioSchema = z
  .strictObject({
    $schema: z.string().optional(),
    alertable: z.literal(SCENARIO_VERSION).meta({ description: 'The version of this format.' }),
    title: z.string(titleWords).min(1, titleWords).max(200, titleWords),
    about: z
      .string(aboutWords)
      .max(1000, aboutWords)
      .optional()
      .meta({ description: 'One or two sentences for the gallery.' }),
    facts: z.array(fact).optional(),
    needs: z.array(z.string()).optional(),
    timeoutMs: whole(1, 3_600_000).optional(),
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
  const data = readJson(json);
  const parsed = scenarioSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 2 * MOST_PROBLEMS);
  throw new ScenarioError(issues.flatMap((issue) => problemsOf(issue, data, KNOWN)));
}

/** Keys of loops and of threads, beside those of the listed shapes. */
const OTHER_KEYS = ['when', 'then', 'else', 'steps', 'suspended', 'start'];

/** The published JSON Schema, which editors and `cli -- schema` use. */
export const scenarioJsonSchema = (): unknown => z.toJSONSchema(scenarioSchema, { io: 'input' });

const shapes = [...CALL_SCHEMAS, ...objectSchema.options, ...expectations, differs, scenarioSchema];
const KNOWN = {
  do: STEP_NAMES,
  type: objectSchema.options.map((option) => option.shape.type.value),
  win32: numberNames(),
  keys: [...new Set([...shapes.flatMap(({ shape }) => Object.keys(shape)), ...OTHER_KEYS])],
};
