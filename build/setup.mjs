import { SetupFault, runMain } from './setup/fault.mjs';
import { GOAL_NAMES, stepsOf } from './setup/goals.mjs';
import { setUp } from './setup/set-up.mjs';

async function main() {
  const [word = 'start', name] = process.argv.slice(2);
  const isOne = word === '--only';
  const steps = isOne ? stepsOf('test').filter((step) => step.only === name) : stepsOf(word);
  if (steps.length === 0) {
    const names = stepsOf('test').map((step) => step.only);
    throw new SetupFault(
      `usage: node build/setup.mjs [${GOAL_NAMES.join(' | ')} | --only ${names.join(' | ')}]`,
    );
  }
  await setUp(steps, { quiet: isOne });
  return 0;
}

await runMain(main);
