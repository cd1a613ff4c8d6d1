import { z } from 'zod';
import { knownNames } from './win32-names.ts';

/**
 * A scenario: objects, routines, threads, a controller and what must be seen. One declaration makes the types, the
 * check at run time and the published JSON Schema. Names and meanings: contracts.md ("A scenario").
 */

export const SCENARIO_VERSION = 1;

const name = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/)
  .meta({ description: 'A name: a letter or _, then letters, digits, _ . - (at most 64 characters).' });

const value = z
  .union([z.int(), z.string().min(1).max(64)])
  .meta({ description: 'A whole number, a Win32 name (WAIT_IO_COMPLETION), or a variable.' });

const milliseconds = z
  .union([
    z.int().min(0).max(0xfffffffe, { error: 'allowed: milliseconds up to 4294967294, or "INFINITE"' }),
    z.string().min(1).max(64),
  ])
  .meta({ description: 'Milliseconds, "INFINITE", or a variable.' });

const thread = name.meta({ description: 'A thread of the scenario, or "self".' });
const as = name.optional().meta({ description: 'A name for this call, for expectations.' });

const awaited = z.enum(['blocked', 'alertable', 'suspended', 'ended']).meta({
  description:
    'blocked: in a wait, alertable or not; alertable: in an alertable wait; suspended; ended. The step returns 0, or 1 when the thread ended first.',
});

const comparison = z.enum(['==', '!=', '<', '<=', '>', '>=']);
const when = z.tuple([value, comparison, value]);

const call = <const Name extends string, Shape extends z.ZodRawShape>(does: Name, shape: Shape) =>
  z.strictObject({ do: z.literal(does), ...shape, as });

/** Every kind of step. `steps` nest, so flow steps refer back through getters. */
export const stepSchema: z.ZodType<Step> = z.lazy(() => stepUnion);

const stepUnion = z.discriminatedUnion('do', [
  call('sleep', { milliseconds }),
  call('sleepEx', { milliseconds, alertable: z.boolean() }),
  call('queueUserApc', { thread, routine: name, data: value.optional() }),
  call('createThread', { thread: name, routine: name.optional(), suspended: z.boolean().optional() }),
  call('suspendThread', { thread }),
  call('resumeThread', { thread }),
  call('terminateThread', { thread, exitCode: value.optional() }),
  call('exitThread', { exitCode: value.optional() }),
  call('log', { text: z.string().max(1000) }),
  call('compute', { microseconds: value }),
  call('awaitState', { thread, state: awaited }),
  call('set', { variable: name, value }),
  call('add', { variable: name, value }),
  call('setLastError', { value }),
  call('getLastError', {}),
  z.strictObject({
    do: z.literal('if'),
    when,
    get then() {
      return z.array(stepSchema);
    },
    get else() {
      return z.array(stepSchema).optional();
    },
  }),
  z.strictObject({
    do: z.literal('while'),
    when,
    get steps() {
      return z.array(stepSchema);
    },
  }),
  z.strictObject({
    do: z.literal('repeat'),
    count: value,
    get steps() {
      return z.array(stepSchema);
    },
  }),
]);

export type Value = number | string;
export type When = [Value, '==' | '!=' | '<' | '<=' | '>' | '>=', Value];
interface Named {
  as?: string | undefined;
}
export type Step =
  | ({ do: 'sleep'; milliseconds: Value } & Named)
  | ({ do: 'sleepEx'; milliseconds: Value; alertable: boolean } & Named)
  | ({ do: 'queueUserApc'; thread: string; routine: string; data?: Value | undefined } & Named)
  | ({
      do: 'createThread';
      thread: string;
      routine?: string | undefined;
      suspended?: boolean | undefined;
    } & Named)
  | ({ do: 'suspendThread' | 'resumeThread'; thread: string } & Named)
  | ({ do: 'terminateThread'; thread: string; exitCode?: Value | undefined } & Named)
  | ({ do: 'exitThread'; exitCode?: Value | undefined } & Named)
  | ({ do: 'log'; text: string } & Named)
  | ({ do: 'compute'; microseconds: Value } & Named)
  | ({ do: 'awaitState'; thread: string; state: 'blocked' | 'alertable' | 'suspended' | 'ended' } & Named)
  | ({ do: 'set' | 'add'; variable: string; value: Value } & Named)
  | ({ do: 'setLastError'; value: Value } & Named)
  | ({ do: 'getLastError' } & Named)
  | { do: 'if'; when: When; then: Step[]; else?: Step[] | undefined }
  | { do: 'while'; when: When; steps: Step[] }
  | { do: 'repeat'; count: Value; steps: Step[] };

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

/** A fault in a scenario: where (JSON path), what was found, what is allowed. */
export class ScenarioError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ScenarioError';
    this.problems = problems;
  }
}

/** Reads a scenario from JSON text. Throws a ScenarioError that names every problem; names are checked by `compile`. */
export function parseScenario(json: string): Scenario {
  let data: unknown;
  try {
    // Windows editors put a byte order mark before UTF-8.
    data = JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new ScenarioError([`the file is not JSON: ${(error as Error).message}`]);
  }
  if (depthOf(data) > MAX_DEPTH) {
    throw new ScenarioError([
      `$: steps are nested more than ${MAX_DEPTH} deep; move some into a routine of their own`,
    ]);
  }
  const parsed = scenarioSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new ScenarioError(parsed.error.issues.flatMap((issue) => problemsOf(issue, data)));
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

/** `$.routines.body[0].milliseconds` */
export const jsonPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${String(key)}`),
    '$',
  );

function problemsOf(issue: z.core.$ZodIssue, data: unknown, base: readonly PropertyKey[] = []): string[] {
  const path = [...base, ...issue.path];
  const found = at(data, path);
  const where = jsonPath(path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => `${where}: unknown key "${key}"; remove it or correct its spelling`);
    case 'invalid_union': {
      // A discriminated union that knows no such step, or a plain union: report the branch that came closest.
      if (issue.errors.length === 0) {
        const allowed = issue.discriminator === 'do' ? STEP_NAMES.join(', ') : 'one of the documented forms';
        return [`${where}: found ${show(found)}; allowed: ${allowed}`];
      }
      const closest = issue.errors.reduce((best, one) => (weigh(one) < weigh(best) ? one : best));
      return closest.flatMap((one) => problemsOf(one, data, path));
    }
    case 'invalid_value':
      return [`${where}: found ${show(found)}; allowed: ${issue.values.map(show).join(', ')}`];
    case 'invalid_type':
      return [
        found === undefined
          ? `${where}: is missing; allowed: ${issue.expected}`
          : `${where}: found ${show(found)}; allowed: ${issue.expected}`,
      ];
    default:
      return [`${where}: found ${show(found)}; ${issue.message}`];
  }
}

/** A branch that failed deep inside, or only for an unknown key, is nearer to what was meant than one of another type. */
const weigh = (issues: readonly z.core.$ZodIssue[]): number =>
  issues.reduce(
    (sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 2) - issue.path.length,
    0,
  );

const at = (data: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[key],
    data,
  );

const show = (found: unknown): string => {
  const text = JSON.stringify(found) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
};

export const STEP_NAMES = stepUnion.options.map((option) => option.shape.do.value);

/** Win32 names are numbers in a scenario. */
export const WIN32_NAMES = knownNames();
