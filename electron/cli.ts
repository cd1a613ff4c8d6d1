import { runCommandLine } from './cli/command-line.ts';

// The command line: the same session without a window, on plain Node.
process.exitCode = await runCommandLine(process.argv.slice(2));
