import { stepLists } from './compile-objects.ts';
import type { CallStep, Scenario } from './scenario.ts';
import { eachCall } from './scenario-steps.ts';

/** What an engine must have to run a scenario: what it says itself (`needs`), and what its steps call. */
export function neededCapabilities(scenario: Scenario): string[] {
  const needed = new Set(scenario.needs);
  for (const [steps, path] of stepLists(scenario)) {
    eachCall(steps, path, (step) => {
      for (const one of ofCall(step, scenario)) needed.add(one);
    });
  }
  return [...needed];
}

/** What the scenario needs and this engine lacks, as a sentence; undefined where it has it all. */
export function missingCapability(
  { label, capabilities }: EngineAbilities,
  scenario: Scenario,
): string | undefined {
  for (const need of neededCapabilities(scenario)) {
    const known = capabilities.find((one) => one.name === need);
    if (known?.present === true) continue;
    return `${label} lacks ${need}: ${known === undefined ? 'no engine of this version knows it' : known.reason}`;
  }
  return undefined;
}

/** What an engine says of itself. */
export interface EngineAbilities {
  label: string;
  capabilities: readonly { name: string; present: boolean; reason: string }[];
}

/** Functions that not every Windows exports, by their step's name, and what of them came later. */
function ofCall(step: CallStep, scenario: Scenario): string[] {
  switch (step.do) {
    case 'queueUserApc2':
      return [
        step.do,
        ...(step.flags?.includes('special') === true ? [`${step.do}.special`] : []),
        ...(step.flags?.includes('callbackDataContext') === true ? [`${step.do}.callbackDataContext`] : []),
      ];
    case 'ntQueueApcThreadEx':
      return [
        step.do,
        ...(step.flags?.includes('special') === true ? [`${step.do}.special`] : []),
        ...(isReserve(step.reserve, scenario) ? [`${step.do}.reserve`] : []),
      ];
    case 'ntQueueApcThread':
    case 'ntTestAlert':
      return [step.do];
    default:
      return [];
  }
}

/** Anything else than a reserve object is to be refused, which takes none. */
const isReserve = (given: unknown, { objects = {} }: Scenario): boolean =>
  typeof given === 'string' && Object.hasOwn(objects, given) && objects[given]?.type === 'reserve';
