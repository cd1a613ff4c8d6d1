import type { TraceMeta } from '../apc-model/trace.ts';

/** What the page reads in a session's scenario: what no event says. */
export interface ScenarioFacts {
  /** Those that its steps change or wait for. */
  variables: readonly string[];
}

const NONE: ScenarioFacts = { variables: [] };
const read = new WeakMap<TraceMeta, ScenarioFacts>();

export function scenarioFacts(meta: TraceMeta): ScenarioFacts {
  let facts = read.get(meta);
  if (facts === undefined)
    read.set(meta, (facts = meta.scenario === undefined ? NONE : factsOf(meta.scenario)));
  return facts;
}

/** A trace may come from anywhere: whatever is not as expected is left out. */
function factsOf(text: string): ScenarioFacts {
  let scenario: unknown;
  try {
    scenario = JSON.parse(text);
  } catch {
    return NONE;
  }
  const variables = new Set<string>();
  collect(scenario, variables);
  return { variables: [...variables] };
}

function collect(part: unknown, variables: Set<string>): void {
  const fields = fieldsOf(part);
  const { variable } = fields as { variable?: unknown };
  if ('do' in fields && typeof variable === 'string') variables.add(variable);
  for (const inner of Object.values(fields)) collect(inner, variables);
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
