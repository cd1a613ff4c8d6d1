import { missingCapability, neededCapabilities } from '../../apc-model/capabilities.ts';
import type { Scenario } from '../../apc-model/scenario.ts';
import type { Engine } from '../engines.ts';

/** What a scenario needs and the engine lacks, as a sentence; undefined where it has it all. */
export async function missingNeed(engine: Engine, scenario: Scenario): Promise<string | undefined> {
  if (neededCapabilities(scenario).length === 0) return undefined;
  return missingCapability(await engine.describe(), scenario);
}
