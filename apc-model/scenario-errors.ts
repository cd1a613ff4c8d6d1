import type { z } from 'zod';

/** A fault in a scenario: where (JSON path), what was found, what is allowed. */
export class ScenarioError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ScenarioError';
    this.problems = problems;
  }
}

/** `$.routines.body[0].milliseconds` */
export const jsonPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${String(key)}`),
    '$',
  );

/** What the schema found wrong at one place, in words. `choices`: the values of a discriminator, such as `do`. */
export function problemsOf(
  issue: z.core.$ZodIssue,
  data: unknown,
  choices: Readonly<Record<string, readonly string[]>>,
  base: readonly PropertyKey[] = [],
): string[] {
  const path = [...base, ...issue.path];
  const found = at(data, path);
  const where = jsonPath(path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => `${where}: unknown key "${key}"; remove it or correct its spelling`);
    case 'invalid_union': {
      // A discriminated union that knows no such step, or a plain union: report the branch that came closest.
      if (issue.errors.length === 0) {
        const allowed = choices[issue.discriminator ?? '']?.join(', ') ?? 'one of the documented forms';
        return [`${where}: found ${show(found)}; allowed: ${allowed}`];
      }
      const types = issue.errors.map((one) => typeWanted(one));
      if (types.every((type) => type !== undefined)) return [wrongType(where, found, types.join(' or '))];
      const closest = issue.errors.reduce((best, one) => (weigh(one) < weigh(best) ? one : best));
      return closest.flatMap((one) => problemsOf(one, data, choices, path));
    }
    case 'invalid_value':
      return [`${where}: found ${show(found)}; allowed: ${issue.values.map(show).join(', ')}`];
    case 'invalid_type':
      return [wrongType(where, found, issue.expected)];
    default:
      return [`${where}: found ${show(found)}; ${issue.message}`];
  }
}

const wrongType = (where: string, found: unknown, wanted: string): string =>
  found === undefined
    ? `${where}: is missing; allowed: ${wanted}`
    : `${where}: found ${show(found)}; allowed: ${wanted}`;

/** The type that a branch asked for, where it failed for nothing else. */
function typeWanted(issues: readonly z.core.$ZodIssue[]): string | undefined {
  const [issue] = issues;
  return issue?.code === 'invalid_type' && issues.length === 1 && issue.path.length === 0
    ? issue.expected
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
    (inner, key) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[key],
    data,
  );

const show = (found: unknown): string => {
  const text = JSON.stringify(found) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
};
