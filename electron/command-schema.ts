import { z } from 'zod';
import { MOST_FETCHED, type Command, type CommandError, type StreamAnswer } from '../apc-model/app-api.ts';
import { HAND_CALLS, HAND_OBJECT_TYPES, handObjectSchema, handStepSchema } from '../apc-model/hand-step.ts';
import { problemsOf } from '../apc-model/scenario-errors.ts';

/**
 * What main accepts from the page, field by field. The compiler holds it to the types of app-api.ts; whatever else comes
 * is refused with a sentence that names the field and what it should be.
 */

const CANVAS_MOST_PX = 32_767;

const grouped = (value: number): string => value.toLocaleString('en-US');

function whole(least: number, most: number) {
  const error = `must be a whole number from ${grouped(least)} to ${grouped(most)}`;
  return z.number({ error }).int({ error }).min(least, { error }).max(most, { error });
}

const oneOf = <const Value extends string | number>(...values: readonly [Value, ...Value[]]) =>
  z.literal(values, { error: `must be one of ${values.join(', ')}` });

const flag = z.boolean({ error: 'must be true or false' });
const name = z
  .string({ error: 'must be a text' })
  .min(1, { error: 'must not be empty' })
  .max(200, { error: 'must have at most 200 characters' });
const objectName = z.string({ error: 'must be a text, or null' }).regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/, {
  error: 'must begin with a letter or _ and go on with letters, digits, _ . - (at most 64 in all)',
});
const filePath = z
  .string({ error: 'must be a path' })
  .min(1, { error: 'must not be empty' })
  .max(32_767, { error: 'must have at most 32,767 characters' });
const thread = whole(0, 0xffff);
const timeNs = z
  .number({ error: 'must be a number of nanoseconds' })
  .min(0, { error: 'must not be negative' });

const range = z
  .strictObject({ startNs: timeNs, endNs: timeNs })
  .refine(({ startNs, endNs }) => startNs < endNs, { error: 'must have startNs before endNs' })
  .nullable();

const picture = z
  .strictObject({
    range,
    widthPx: whole(200, 16_384),
    scale: oneOf(1, 2, 4),
    colours: oneOf('light', 'dark'),
  })
  .refine(({ widthPx, scale }) => widthPx * scale <= CANVAS_MOST_PX, {
    error: `must have widthPx × scale of at most ${grouped(CANVAS_MOST_PX)}`,
  });

const settings = z.strictObject({
  appearance: oneOf('system', 'light', 'dark'),
  axis: oneOf('time', 'events'),
});

const commands = [
  z.strictObject({ type: z.literal('getAppInfo') }),
  z.strictObject({ type: z.literal('runScenario'), name }),
  z.strictObject({ type: z.literal('runAgain') }),
  z.strictObject({ type: z.literal('stop') }),
  z.strictObject({ type: z.literal('createThread'), suspended: flag }),
  z.strictObject({
    type: z.literal('queueUserApc'),
    thread,
    routine: whole(0, 0xffff),
    data: whole(0, Number.MAX_SAFE_INTEGER),
    count: whole(1, 10_000),
  }),
  z.strictObject({ type: z.literal('handStep'), thread, step: handStepSchema }),
  z.strictObject({ type: z.literal('createObject'), name: objectName.nullable(), object: handObjectSchema }),
  z.strictObject({
    type: z.literal('changeObject'),
    call: oneOf('setEvent', 'resetEvent', 'pulseEvent', 'releaseSemaphore'),
    object: whole(0, 0xffff),
    count: whole(0, 0x7fffffff),
  }),
  z.strictObject({ type: z.literal('suspendThread'), thread }),
  z.strictObject({ type: z.literal('resumeThread'), thread }),
  z.strictObject({ type: z.literal('endThread'), thread }),
  z.strictObject({
    type: z.literal('fetchEvents'),
    session: whole(0, 0xffffffff),
    from: whole(0, Number.MAX_SAFE_INTEGER),
    count: whole(1, MOST_FETCHED),
  }),
  z.strictObject({ type: z.literal('openFile') }),
  z.strictObject({ type: z.literal('openDropped'), path: filePath }),
  z.strictObject({ type: z.literal('openInterrupted'), id: name }),
  z.strictObject({ type: z.literal('discardInterrupted'), id: name }),
  z.strictObject({ type: z.literal('savePicture'), format: oneOf('png', 'svg'), picture }),
  z.strictObject({ type: z.literal('paintPng'), picture }),
  z.strictObject({ type: z.literal('saveTrace') }),
  z.strictObject({
    type: z.literal('exportTrace'),
    format: oneOf('chromeJson', 'csv', 'jsonLines'),
    range,
  }),
  z.strictObject({ type: z.literal('cancelExport') }),
  z.strictObject({ type: z.literal('getSettings') }),
  z.strictObject({ type: z.literal('setSettings'), settings }),
] as const;

const answers = [
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({
    type: z.literal('acknowledge'),
    session: whole(0, 0xffffffff),
    sequence: whole(0, Number.MAX_SAFE_INTEGER),
  }),
] as const;

const commandSchema = union('type', commands);
const answerSchema = union('type', answers);

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
true satisfies Same<z.infer<typeof commandSchema>, Command>;
true satisfies Same<z.infer<typeof answerSchema>, StreamAnswer>;

export type Parsed<T> = { ok: T } | CommandError;

export function parseCommand(message: unknown): Parsed<Command> {
  const parsed = commandSchema.safeParse(message);
  return parsed.success ? { ok: parsed.data } : refusal(message, parsed.error.issues[0]!);
}

export function parseStreamAnswer(message: unknown): Parsed<StreamAnswer> {
  const parsed = answerSchema.safeParse(message);
  return parsed.success ? { ok: parsed.data } : refusal(message, parsed.error.issues[0]!);
}

type Tagged<Tag extends string> = z.ZodObject<Record<Tag, z.ZodLiteral<string>>>;

function union<const Tag extends string, const Options extends readonly [Tagged<Tag>, ...Tagged<Tag>[]]>(
  tag: Tag,
  options: Options,
) {
  const tags = options.map((option) => option.shape[tag].value);
  return z.discriminatedUnion(tag, options, {
    error: ({ code }) =>
      code === 'invalid_union'
        ? `must be one of ${tags.join(', ')}`
        : `must be an object with a field ${tag}`,
  });
}

/** One sentence: which command, which field, what it should be. It quotes nothing long of what came. */
function refusal(message: unknown, issue: z.core.$ZodIssue): CommandError {
  const [part, field] = issue.path;
  if (part === 'step' || part === 'object') {
    const problem = handProblem(message, issue);
    const error = `The command ${commandName(message)}was refused: ${issue.path.join('.')} ${problem}.`;
    return typeof field === 'string' ? { error, at: { field, problem } } : { error };
  }
  const where = issue.path.length === 0 ? 'it' : issue.path.join('.');
  const what =
    issue.code === 'unrecognized_keys'
      ? `has unknown fields (${issue.keys.slice(0, 3).map(quoted).join(', ')}): leave them out`
      : issue.message;
  return { error: `The command ${commandName(message)}was refused: ${where} ${what}.` };
}

/** Of a step or an object, in the words that a scenario with the same fault gets. */
function handProblem(message: unknown, issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && issue.path.length === 1) return 'must be an object with its fields';
  const kinds = issue.path[0] === 'step' ? HAND_CALLS : HAND_OBJECT_TYPES;
  if (issue.code === 'invalid_union' && issue.errors.length === 0)
    return `must be one of ${shortened(kinds.join(', '))}`;
  const problem = problemsOf(issue, message, {})[0] ?? issue.message;
  return shortened(problem.slice(problem.indexOf(': ') + 1).trimStart());
}
const shortened = (text: string): string => (text.length > 250 ? `${text.slice(0, 249)}…` : text);

function commandName(message: unknown): string {
  const type =
    typeof message === 'object' && message !== null && 'type' in message ? message.type : undefined;
  const known = commands.some((option) => option.shape.type.value === type);
  return known ? `${String(type)} ` : '';
}

const quoted = (key: string): string => JSON.stringify(key.length > 40 ? `${key.slice(0, 40)}…` : key);
