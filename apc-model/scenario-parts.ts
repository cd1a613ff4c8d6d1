import { z } from 'zod';
import { PSEUDO_HANDLE_NAMES } from './event.ts';
import { MOST_IO_BYTES, MOST_TEXT_BYTES } from './limits.ts';
import { numberOfName } from './win32-names.ts';

/** What the parameters of steps and objects are made of. Their errors are told as they stand (`problemsOf`). */

const goodName = { error: 'allowed: a letter or _, then letters, digits, _ . - (at most 64 characters)' };
export const name = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/, goodName)
  .refine((text) => text !== '__proto__', { error: 'allowed: any name but this' })
  .meta({ description: 'A name: a letter or _, then letters, digits, _ . - (at most 64 characters).' });

/** Ranges of the types that Win32 gives its parameters; of 64 bits, what a JSON number holds exactly. */
const MOST_DWORD = 0xffffffff;
const LEAST_LONG = -0x80000000;
const MOST_LONG = 0x7fffffff;
export const MOST_EXACT = Number.MAX_SAFE_INTEGER;

/**
 * A whole number of a range, a Win32 name whose number lies in it, or a variable. `mostNamed`: up to where a name may go.
 * What a variable holds is known only at run time: the description says what then becomes of a number out of range.
 */
function number(least: number, most: number, allowed: string, mostNamed = most) {
  const error = `allowed: ${allowed}`;
  const fits = (given: string): boolean => {
    const named = numberOfName(given);
    return named === undefined || (named >= least && named <= mostNamed);
  };
  const whole = z.int({ error }).min(least, { error }).max(most, { error });
  return z.union([whole, z.string({ error }).min(1, { error }).max(64, { error }).refine(fits, { error })], {
    error,
  });
}
const ranged = (least: number, most: number, type = '') =>
  number(least, most, `a whole number ${span(least, most)}${type}, a Win32 name, or a variable`);
/** The bound that only JSON sets is told where it is the only one. */
export const span = (least: number, most: number): string =>
  least === 0 && most === MOST_EXACT ? 'from 0' : `from ${least} to ${most}`;

export const value = ranged(-MOST_EXACT, MOST_EXACT).meta({
  description: 'A whole number, a Win32 name (WAIT_IO_COMPLETION), or a variable.',
});
export type Value = z.infer<typeof value>;

export const dword = ranged(0, MOST_DWORD, ' (a DWORD)').meta({
  description:
    'A DWORD, 0 to 4294967295: a whole number, a Win32 name, or a variable, of whose 64 bits the low 32 count.',
});
export const long = ranged(LEAST_LONG, MOST_LONG, ' (a LONG)').meta({
  description:
    'A LONG, -2147483648 to 2147483647: a whole number, a Win32 name, or a variable, of whose 64 bits the low 32 count.',
});
export const offset = ranged(0, MOST_EXACT).meta({
  description: 'Where in the file, in bytes from 0: a whole number, a Win32 name, or a variable.',
});
export const microseconds = ranged(0, MOST_EXACT).meta({
  description: 'Microseconds from 0, or a variable, which counts as 0 where it is negative.',
});
export const times = ranged(0, MOST_EXACT).meta({
  description: 'How often, from 0, or a variable, which counts as 0 where it is negative.',
});

export const milliseconds = number(
  0,
  0xfffffffe,
  'milliseconds from 0 to 4294967294, or "INFINITE", or a variable',
  MOST_DWORD,
).meta({
  description:
    'Milliseconds from 0 to 4294967294, "INFINITE", or a variable, of whose 64 bits the low 32 count (-1 is INFINITE).',
});

/** When a timer is due: the lab has no negative times, `dueMs` and `dueAtMs` say which of the two is meant. */
export const due = number(0, MOST_DWORD, 'milliseconds from 0 to 4294967295, or a variable').meta({
  description: 'Milliseconds from 0, or a variable, which counts as 0 where it is negative.',
});

export const byteCount = number(1, MOST_IO_BYTES, `bytes from 1 to ${MOST_IO_BYTES}, or a variable`).meta({
  description: 'A number of bytes from 1 to 1048576, or a variable; of more than 1048576 so many are taken.',
});

/** What a call returned, its last error, an exit code: a number of 32 bits that is known when the file is read. */
const resultWords = {
  error: `allowed: a whole number from 0 to ${MOST_DWORD}, or a Win32 name such as WAIT_TIMEOUT`,
};
const isWin32Name = (given: string): boolean => numberOfName(given) !== undefined;
export const result = z
  .union(
    [
      z.int(resultWords).min(0, resultWords).max(MOST_DWORD, resultWords),
      z.string(resultWords).refine(isWin32Name, { ...resultWords, params: { names: 'win32' } }),
    ],
    resultWords,
  )
  .meta({ description: 'A number from 0 to 4294967295 or its Win32 name.' });

const mostText = { error: `allowed: at most ${MOST_TEXT_BYTES} bytes of UTF-8` };
export const content = z
  .string()
  .max(MOST_TEXT_BYTES, mostText)
  .refine((text) => utf8.encode(text).length <= MOST_TEXT_BYTES, mostText)
  .meta({ description: 'Text of at most 65535 bytes as UTF-8.' });
const utf8 = new TextEncoder();

export const thread = name.meta({ description: 'A thread of the scenario, or "self".' });

const PSEUDO = PSEUDO_HANDLE_NAMES.map((one) => `"${one}"`).join(' | ');
const pseudoHandle = z.strictObject({ handle: z.enum(PSEUDO_HANDLE_NAMES) });
/** Of an object, what in it is wrong tells more. */
const handleWords = ({ input }: { input?: unknown }): string | undefined =>
  typeof input === 'object' && input !== null && !Array.isArray(input)
    ? undefined
    : `allowed: the name of an object or a thread, "self", or {"handle": ${PSEUDO}}`;
export const handle = z.union([name, pseudoHandle], { error: handleWords }).meta({
  description: `An object, an end of a pipe (p.read, p.write), a thread, "self", a handle (the "as" of openHandle or duplicateHandle), or {"handle": ${PSEUDO}}.`,
});
export type Handle = z.infer<typeof handle>;

/** A hundred more than Win32 allows: too many is one of the things to see. */
export const handles = z.array(handle).max(200);

const right = {
  error: 'allowed: a whole number from 0 to 4294967295, the name of a right, or a list of names',
};
export const access = z
  .union(
    [
      z.int(right).min(0, right).max(MOST_DWORD, right),
      z.string(right).min(1, right).max(64, right),
      z.array(z.string(right).min(1, right).max(64, right)),
    ],
    right,
  )
  .meta({ description: 'A number, the name of an access right (THREAD_SET_CONTEXT), or a list of names.' });
export type Access = z.infer<typeof access>;
