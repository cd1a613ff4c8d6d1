import { neededCapabilities } from '../../apc-model/capabilities.ts';
import type { Scenario } from '../../apc-model/scenario.ts';
import type { Engine } from '../engines.ts';

/** What a scenario needs and the engine lacks, as a sentence; undefined where it has it all. */
export async function missingNeed(engine: Engine, scenario: Scenario): Promise<string | undefined> {
  const needs = neededCapabilities(scenario);
  if (needs.length === 0) return undefined;
  const { label, capabilities } = await engine.describe();
  for (const need of needs) {
    const known = capabilities.find((one) => one.name === need);
    if (known?.present === true) continue;
    return `${label} lacks ${need}: ${known === undefined ? 'no engine of this version knows it' : known.reason}`;
  }
  return undefined;
}
