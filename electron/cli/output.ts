import { writeFileSync } from 'node:fs';
import { userPath } from './arguments.ts';
import { CommandFault, ExitStatus } from './exit-status.ts';

/** Writes an option's file, or standard output for `-`. */
export function writeOutput(option: string, path: string, content: Uint8Array | string): void {
  if (path === '-') {
    process.stdout.write(content);
    return;
  }
  try {
    writeFileSync(userPath(path), content);
  } catch (error) {
    const isFull = (error as NodeJS.ErrnoException).code === 'ENOSPC';
    const remedy = isFull ? 'free some space' : 'name a file in a folder that can be written';
    throw new CommandFault(ExitStatus.usage, `${option}: ${(error as Error).message}; ${remedy}`);
  }
}
