import { z } from 'zod';
import { PSEUDO_HANDLE_NAMES } from './event.ts';
import { MOST_IO_BYTES, MOST_TEXT_BYTES } from './limits.ts';

/** What the parameters of steps and objects are made of. */

export const name = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/)
  .meta({ description: 'A name: a letter or _, then letters, digits, _ . - (at most 64 characters).' });

export const value = z
  .union([z.int(), z.string().min(1).max(64)])
  .meta({ description: 'A whole number, a Win32 name (WAIT_IO_COMPLETION), or a variable.' });
export type Value = z.infer<typeof value>;

const millisecondsRange = { error: 'allowed: milliseconds from 0 to 4294967294, or "INFINITE"' };
export const milliseconds = z
  .union([z.int().min(0, millisecondsRange).max(0xfffffffe, millisecondsRange), z.string().min(1).max(64)])
  .meta({ description: 'Milliseconds, "INFINITE", or a variable.' });

/** When a timer is due: the lab has no negative times, `dueMs` and `dueAtMs` say which of the two is meant. */
const dueRange = { error: 'allowed: milliseconds from 0 to 4294967295' };
export const due = z
  .union([z.int().min(0, dueRange).max(0xffffffff, dueRange), z.string().min(1).max(64)])
  .meta({ description: 'Milliseconds, or a variable.' });

const mostBytes = { error: `allowed: bytes from 1 to ${MOST_IO_BYTES}` };
export const byteCount = z
  .union([z.int().min(1, mostBytes).max(MOST_IO_BYTES, mostBytes), z.string().min(1).max(64)])
  .meta({ description: 'A number of bytes from 1 to 1048576, or a variable.' });

const mostText = { error: `allowed: at most ${MOST_TEXT_BYTES} bytes of UTF-8` };
export const content = z
  .string()
  .max(MOST_TEXT_BYTES, mostText)
  .refine((text) => utf8.encode(text).length <= MOST_TEXT_BYTES, mostText)
  .meta({ description: 'Text of at most 65535 bytes as UTF-8.' });
const utf8 = new TextEncoder();

export const thread = name.meta({ description: 'A thread of the scenario, or "self".' });

const pseudoHandle = z.strictObject({ handle: z.enum(PSEUDO_HANDLE_NAMES) });
export const handle = z.union([name, pseudoHandle]).meta({
  description:
    'An object, an end of a pipe (p.read, p.write), a thread, "self", a handle (the "as" of openHandle or duplicateHandle), or {"handle": "null" | "bogus" | "currentThread" | "currentProcess"}.',
});
export type Handle = z.infer<typeof handle>;

/** A hundred more than Win32 allows: too many is one of the things to see. */
export const handles = z.array(handle).max(200);

export const access = z
  .union([z.int().min(0).max(0xffffffff), z.string().min(1).max(64), z.array(z.string().min(1).max(64))])
  .meta({ description: 'A number, the name of an access right (THREAD_SET_CONTEXT), or a list of names.' });
export type Access = z.infer<typeof access>;
