import { setUp } from './setup/set-up.mjs';
import { SetupFault, runMain } from './setup/fault.mjs';
import { GOALS } from './setup/goals.mjs';

async function main() {
  const words = process.argv.slice(2);
  const only = words[0] === '--only' ? words[1] : undefined;
  const goal = only === undefined ? (words[0] ?? 'start') : 'test';
  const steps = GOALS[goal]?.filter((step) => only === undefined || step.only === only);
  if (!steps || steps.length === 0) {
    const names = new Set(
      Object.values(GOALS)
        .flat()
        .map((step) => step.only),
    );
    throw new SetupFault(
      `usage: node build/setup.mjs [${Object.keys(GOALS).join(' | ')} | --only ${[...names].join(' | ')}]`,
    );
  }
  await setUp(steps, { quiet: only !== undefined });
  return 0;
}

await runMain(main);
