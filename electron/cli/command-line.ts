import { ScenarioError } from '../../apc-model/scenario.ts';
import { NativeError } from '../native/bridge.ts';
import { CommandFault, ExitStatus } from './exit-status.ts';
import { Interrupted } from './interruption.ts';
import { enginesVerb } from './verb-engines.ts';
import { exportVerb } from './verb-export.ts';
import { runVerb } from './verb-run.ts';
import { schemaVerb } from './verb-schema.ts';
import { verifyVerb } from './verb-verify.ts';

const VERBS: Readonly<Record<string, { run: (args: string[]) => Promise<ExitStatus>; usage: string }>> = {
  run: {
    run: runVerb,
    usage:
      'run <file or built-in> [--engine posix|win32] [--trace F] [--json F] [--png F] [--svg F] [--timeout S]',
  },
  verify: {
    run: verifyVerb,
    usage: 'verify <files or folders…> [--engine posix|win32] [--jobs N] [--json[=F]]',
  },
  export: {
    run: exportVerb,
    usage: [
      'export <trace.arrows> [--chrome-json F] [--csv F] [--json F] [--png F] [--svg F] [--pdf F] [--from T] [--to T]',
      '[--width PX] [--scale 1|2|4] [--colours light|dark|print] [--axis events|time]   (T: 250us, 12.5ms, 3s)',
    ].join('\n         '),
  },
  engines: { run: enginesVerb, usage: 'engines [--json[=F]]' },
  schema: { run: schemaVerb, usage: 'schema' },
};

const usage = (): string =>
  ['usage: npm run --silent cli -- <verb> …', ...Object.values(VERBS).map((verb) => `  ${verb.usage}`)].join(
    '\n',
  );

/**
 * Runs one verb. The answer goes to standard output, everything else to standard error; never a stack trace.
 * @returns an ExitStatus, or 128 and the number of the signal that interrupted it
 */
export async function runCommandLine(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    (name === undefined ? process.stderr : process.stdout).write(`${usage()}\n`);
    return name === undefined ? ExitStatus.usage : ExitStatus.held;
  }
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  try {
    if (verb === undefined)
      throw new CommandFault(ExitStatus.usage, `there is no verb "${name}"\n${usage()}`);
    return await verb.run(rest);
  } catch (error) {
    return report(error, verb?.usage);
  }
}

/** apc_error BAD_PROGRAM and LIMIT. */
const LOADER_CODES: ReadonlySet<number> = new Set([-3, -6]);

function report(error: unknown, verbUsage: string | undefined): number {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  if (error instanceof Interrupted) {
    say(`alertable: ${error.message}`);
    return error.status;
  }
  if (error instanceof CommandFault) {
    say(`alertable: ${error.message}`);
    if (error.status === ExitStatus.usage && verbUsage !== undefined) say(`usage: ${verbUsage}`);
    return error.status;
  }
  if (error instanceof ScenarioError) {
    for (const problem of error.problems) say(`alertable: ${problem}`);
    return ExitStatus.usage;
  }
  say(`alertable: ${(error as Error).message}`);
  // What the loader refuses is the scenario's fault, not the engine's.
  if (error instanceof NativeError && LOADER_CODES.has(error.code)) return ExitStatus.usage;
  return error instanceof NativeError || error instanceof Error ? ExitStatus.engineFailed : ExitStatus.usage;
}
