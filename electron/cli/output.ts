import { existsSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
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

/**
 * Found out before the work, not after it: a missing folder, two outputs to one place, or one over the source itself.
 * @param outputs by their options, as they were given
 */
export function checkOutputs(
  source: { path: string; name: string },
  outputs: readonly (readonly [option: string, path: string | undefined])[],
): void {
  const places = new Map<string, string>([[placeOf(source.path), source.name]]);
  for (const [option, path] of outputs) {
    if (path === undefined) continue;
    mustBeWritable(option, path);
    const place = path === '-' ? 'standard output' : placeOf(path);
    const other = places.get(place);
    if (other !== undefined) {
      throw new CommandFault(ExitStatus.usage, `${option}: ${place} is already ${other}; name another file`);
    }
    places.set(place, option);
  }
}

/** Through symbolic links, so that one file has one name. */
function placeOf(path: string): string {
  const place = userPath(path);
  try {
    return realpathSync(place);
  } catch {
    return place;
  }
}

function mustBeWritable(option: string, path: string): void {
  if (path === '-') return;
  const folder = dirname(userPath(path));
  if (!existsSync(folder))
    throw new CommandFault(ExitStatus.usage, `${option}: there is no folder ${folder}; make it first`);
}
