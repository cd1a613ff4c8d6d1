import { resolve } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { ENGINE_NAMES, ownEngine, type EngineName } from '../engines.ts';
import { CommandFault, ExitStatus } from './exit-status.ts';

type Options = NonNullable<ParseArgsConfig['options']>;
type Arguments<T extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; strict: true }>
>;

/** Reads a verb's arguments. Unknown options and missing values are usage faults that name them. */
export function readArguments<T extends Options>(args: string[], options: T): Arguments<T> {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new CommandFault(ExitStatus.usage, (error as Error).message);
  }
}

/** For verbs whose `--json` needs no file: `--json` and `--json -` mean standard output, `--json=F` a file. */
export function withOptionalJson(args: string[]): string[] {
  const given: string[] = [];
  for (let at = 0; at < args.length; at++) {
    if (args[at] !== '--json') given.push(args[at]!);
    else {
      given.push('--json=-');
      if (args[at + 1] === '-') at++;
    }
  }
  return given;
}

/** A path as the user means it: from the folder that they stand in, also when npm changed ours. */
export const userPath = (path: string): string => resolve(process.env['INIT_CWD'] ?? process.cwd(), path);

export function readEngine(given: string | undefined): EngineName {
  if (given === undefined) return ownEngine;
  const engine = ENGINE_NAMES.find((name) => name === given);
  if (engine === undefined) {
    throw new CommandFault(
      ExitStatus.usage,
      `--engine: found "${given}"; allowed: ${ENGINE_NAMES.join(', ')}`,
    );
  }
  return engine;
}

/** A number of an option, or undefined where it is not given. */
export function readNumber(
  option: string,
  given: string | undefined,
  least: number,
  most: number,
): number | undefined {
  if (given === undefined) return undefined;
  const number = Number(given);
  if (given.trim() === '' || !Number.isFinite(number) || number < least || number > most) {
    throw new CommandFault(
      ExitStatus.usage,
      `${option}: found "${given}"; allowed: a number from ${least} to ${most}`,
    );
  }
  return number;
}

const NS_OF_UNIT: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  min: 60e9,
};

/** A session time of an option in nanoseconds, or undefined where it is not given: `12.5ms`, `3s`; without a unit, ms. */
export function readTimeNs(option: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const [, digits, unit = 'ms'] = /^(\d+(?:\.\d*)?|\.\d+)\s*(\p{L}+)?$/u.exec(given.trim()) ?? [];
  const scale = Object.hasOwn(NS_OF_UNIT, unit) ? NS_OF_UNIT[unit]! : Number.NaN;
  const ns = Math.round(Number(digits) * scale);
  if (!Number.isSafeInteger(ns)) {
    throw new CommandFault(
      ExitStatus.usage,
      `${option}: found "${given}"; allowed: a time since the session's start, such as 250us, 12.5ms or 3s (without a unit: ms)`,
    );
  }
  return ns;
}

/** One of several words, or undefined where it is not given. */
export function readChoice<Word extends string>(
  option: string,
  given: string | undefined,
  words: readonly Word[],
): Word | undefined {
  if (given === undefined) return undefined;
  const word = words.find((one) => one === given);
  if (word === undefined)
    throw new CommandFault(ExitStatus.usage, `${option}: found "${given}"; allowed: ${words.join(', ')}`);
  return word;
}
