import { scenarioJsonSchema } from '../../apc-model/scenario.ts';
import { readArguments } from './arguments.ts';
import { CommandFault, ExitStatus } from './exit-status.ts';

/** `schema`: prints the JSON Schema of a scenario. */
export function schemaVerb(args: string[]): Promise<ExitStatus> {
  const { positionals } = readArguments(args, {});
  if (positionals.length > 0)
    throw new CommandFault(ExitStatus.usage, `schema takes no argument, found "${positionals[0]}"`);
  process.stdout.write(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
  return Promise.resolve(ExitStatus.held);
}
