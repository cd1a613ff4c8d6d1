import { ENGINE_NAMES, findEngine } from '../engines.ts';
import { findPlaces } from '../places.ts';
import { readArguments, withOptionalJson } from './arguments.ts';
import { CommandFault, ExitStatus } from './exit-status.ts';
import { writeOutput } from './output.ts';

/** `engines`: which engines run here and what they can do. */
export async function enginesVerb(args: string[]): Promise<ExitStatus> {
  const { values, positionals } = readArguments(withOptionalJson(args), { json: { type: 'string' } });
  if (positionals.length > 0)
    throw new CommandFault(ExitStatus.usage, `engines takes no argument, found "${positionals[0]}"`);
  const places = findPlaces();
  const engines = await Promise.all(
    ENGINE_NAMES.map(async (name) => {
      const { label, reason, describe } = findEngine(name, places);
      if (reason !== undefined) return { engine: name, label, available: false, reason, capabilities: [] };
      const known = await describe();
      return {
        engine: name,
        label: known.label,
        available: true,
        reason: '',
        capabilities: known.capabilities,
      };
    }),
  );
  if (values.json !== undefined) {
    writeOutput('--json', values.json, `${JSON.stringify(engines)}\n`);
    return ExitStatus.held;
  }
  for (const { engine, label, available, reason, capabilities } of engines) {
    process.stdout.write(`${engine}: ${available ? label : `not available: ${reason}`}\n`);
    for (const one of capabilities) {
      process.stdout.write(
        `  ${one.present ? '✓' : '✗'} ${one.name}${one.reason === '' ? '' : `: ${one.reason}`}\n`,
      );
    }
  }
  return ExitStatus.held;
}
