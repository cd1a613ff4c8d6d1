import type { z } from 'zod';
import { cut, listed, meant, quoted, unknownName, visible } from './scenario-names.ts';

/** More are not told, nor looked for: whoever mends these sees the next. */
export const MOST_PROBLEMS = 20;

/** A fault in a scenario: where (JSON path), what was found, what is allowed. */
export class ScenarioError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    const different = [...new Set(problems)];
    const told =
      different.length > MOST_PROBLEMS + 1
        ? [...different.slice(0, MOST_PROBLEMS), 'and more; mend these first']
        : different;
    super(told.join('\n'));
    this.name = 'ScenarioError';
    this.problems = told;
  }
}

/** `$.routines.body[0].milliseconds`, one for each place. */
export const jsonPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${String(key)}`),
    '$',
  );

/** Of a path that is longer, the middle is left out. */
const MOST_PARTS = 24;
const FIRST_PARTS = 10;
const LAST_PARTS = 6;

/** A path as a message has it: short however deep it leads, with odd keys in quotes. */
export function shownPath(path: readonly PropertyKey[]): string {
  const parts = path.map((key) => {
    if (typeof key === 'number') return `[${key}]`;
    const text = String(key);
    return /^[\w$][\w$.-]{0,63}$/.test(text) ? `.${text}` : `[${quoted(text)}]`;
  });
  if (parts.length > MOST_PARTS) parts.splice(FIRST_PARTS, parts.length - FIRST_PARTS - LAST_PARTS, '…');
  return `$${parts.join('')}`;
}

/** How a schema's own words for what it takes begin. */
const OWN_WORDS = 'allowed: ';

/**
 * What the schema found wrong at one place, in words. `known`: the values of a discriminator, such as `do`, as `keys` every
 * key of the format, and the names that a check means by its parameter `names`.
 */
export function problemsOf(
  issue: z.core.$ZodIssue,
  data: unknown,
  known: Readonly<Record<string, readonly string[]>>,
  base: readonly PropertyKey[] = [],
): string[] {
  const path = [...base, ...issue.path];
  const found = at(data, path);
  const where = shownPath(path);
  const told = (words: string): string[] => [
    `${where}: ${found === undefined ? 'is missing' : `found ${show(found)}`}; ${words}`,
  ];
  const wrong = (allowed: string): string[] => told(`allowed: ${allowed}`);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys
        .slice(0, 2 * MOST_PROBLEMS)
        .map(
          (key) =>
            `${where}: unknown key ${quoted(key)}; ${nearKey(key, known['keys'] ?? [])}remove it or correct its spelling`,
        );
    case 'invalid_key':
      return [
        `${where}: found the name ${quoted(String(path.at(-1)))}; ${issue.issues[0]?.message ?? 'choose another name'}`,
      ];
  }
  if (issue.code === 'custom' && typeof found === 'string') {
    const names: unknown = issue.params?.['names'];
    return told(`${meant(found, known[String(names)] ?? [])}${issue.message}`);
  }
  if (issue.message.startsWith(OWN_WORDS)) return told(issue.message);
  switch (issue.code) {
    case 'invalid_union': {
      // A discriminated union that knows no such step, or a plain union: report the branch that came closest.
      if (issue.errors.length === 0) {
        const choices = known[issue.discriminator ?? ''] ?? [];
        return typeof found === 'string'
          ? [`${where}: ${unknownName(found, choices, 'one of the documented forms')}`]
          : wrong(listed(choices) || 'one of the documented forms');
      }
      const types = issue.errors.map((one) => typeWanted(one));
      if (types.every((type) => type !== undefined)) return wrong([...new Set(types)].join(' or '));
      const closest = issue.errors.reduce((best, one) => (weigh(one) < weigh(best) ? one : best));
      return closest.flatMap((one) => problemsOf(one, data, known, path));
    }
    case 'invalid_value':
      return wrong(issue.values.map(show).join(', '));
    case 'invalid_type':
      return wrong(typeWords(issue.expected));
    case 'too_small':
      return wrong(`at least ${issue.minimum}${unit(issue.origin)}`);
    case 'too_big':
      return wrong(`at most ${issue.maximum}${unit(issue.origin)}`);
    default:
      return wrong('another value; see scenarios/scenario.schema.json');
  }
}

/** One that belongs elsewhere is spelt right. */
const nearKey = (key: string, keys: readonly string[]): string =>
  keys.includes(key) ? '' : meant(key, keys);

/** What a limit counts. */
const unit = (origin: string): string =>
  origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : '';

const TYPE_WORDS: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a string',
  boolean: 'boolean (true or false)',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
};
const typeWords = (type: string): string => TYPE_WORDS[type] ?? type;

/** The type that a branch asked for, where it failed for nothing else. */
function typeWanted(issues: readonly z.core.$ZodIssue[]): string | undefined {
  const [issue] = issues;
  return issue?.code === 'invalid_type' && issues.length === 1 && issue.path.length === 0
    ? typeWords(issue.expected)
    : undefined;
}

/** A branch that failed deep inside, or only for an unknown key, is nearer to what was meant than one of another type. */
const weigh = (issues: readonly z.core.$ZodIssue[]): number =>
  issues.reduce(
    (sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 2) - issue.path.length,
    0,
  );

const at = (data: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Record<PropertyKey, unknown>)[key]
        : undefined,
    data,
  );

const show = (found: unknown): string =>
  visible(cut(typeof found === 'number' ? String(found) : (JSON.stringify(found) ?? 'nothing'), 80));
