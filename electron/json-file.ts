import { readFileSync, renameSync } from 'node:fs';
import type { z } from 'zod';
import { reasonOf } from './write-file.ts';

export interface JsonRead<T> {
  value: T;
  /** What the user should know about it; undefined when all is well. */
  notice?: string;
}

/**
 * Reads a small JSON file of our own. A missing file is no fault. One that can't be understood is set aside as
 * `<file>.damaged` for whoever wants to look, and the defaults hold.
 */
export function readJsonFile<T>(file: string, schema: z.ZodType<T>, defaults: T): JsonRead<T> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isMissing
      ? { value: defaults }
      : { value: defaults, notice: `${file} could not be read: ${reasonOf(error)}. Defaults are used.` };
  }
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return { value: parsed.data };
  return { value: defaults, notice: setAside(file) };
}

function setAside(file: string): string {
  const damaged = `${file}.damaged`;
  try {
    renameSync(file, damaged);
    return `${file} was damaged. It was set aside as ${damaged}, and defaults are used.`;
  } catch (error) {
    return `${file} is damaged and could not be set aside (${reasonOf(error)}). Defaults are used.`;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
