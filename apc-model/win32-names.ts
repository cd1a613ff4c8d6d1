/** Numbers that Windows gives names to, as far as a lab thread can meet them. Sources: winbase.h, winerror.h, ntstatus.h. */

const RESULTS: readonly (readonly [number, string])[] = [
  [0x00000000, 'WAIT_OBJECT_0'],
  [0x00000080, 'WAIT_ABANDONED_0'],
  [0x000000c0, 'WAIT_IO_COMPLETION'],
  [0x00000102, 'WAIT_TIMEOUT'],
  [0xffffffff, 'WAIT_FAILED'],
];

const NAMES: Readonly<Record<string, number>> = {
  WAIT_OBJECT_0: 0,
  WAIT_ABANDONED: 0x80,
  WAIT_ABANDONED_0: 0x80,
  WAIT_IO_COMPLETION: 0xc0,
  WAIT_TIMEOUT: 0x102,
  WAIT_FAILED: 0xffffffff,
  STATUS_SUCCESS: 0,
  STATUS_USER_APC: 0xc0,
  STATUS_ALERTED: 0x101,
  STATUS_TIMEOUT: 0x102,
  STATUS_NO_YIELD_PERFORMED: 0x40000024,
  STATUS_UNSUCCESSFUL: 0xc0000001,
  STATUS_NOT_IMPLEMENTED: 0xc0000002,
  STATUS_INVALID_HANDLE: 0xc0000008,
  STATUS_INVALID_PARAMETER: 0xc000000d,
  STATUS_ACCESS_DENIED: 0xc0000022,
  STATUS_OBJECT_TYPE_MISMATCH: 0xc0000024,
  STATUS_NOT_SUPPORTED: 0xc00000bb,
  STATUS_INVALID_PARAMETER_2: 0xc00000f0,
  STATUS_CANCELLED: 0xc0000120,
  STILL_ACTIVE: 259,
  TRUE: 1,
  FALSE: 0,
  INFINITE: 0xffffffff,
  MAXDWORD: 0xffffffff,
};

const ERRORS: readonly (readonly [number, string])[] = [
  [0, 'ERROR_SUCCESS'],
  [5, 'ERROR_ACCESS_DENIED'],
  [6, 'ERROR_INVALID_HANDLE'],
  [8, 'ERROR_NOT_ENOUGH_MEMORY'],
  [31, 'ERROR_GEN_FAILURE'],
  [38, 'ERROR_HANDLE_EOF'],
  [50, 'ERROR_NOT_SUPPORTED'],
  [87, 'ERROR_INVALID_PARAMETER'],
  [109, 'ERROR_BROKEN_PIPE'],
  [120, 'ERROR_CALL_NOT_IMPLEMENTED'],
  [127, 'ERROR_PROC_NOT_FOUND'],
  [192, 'WAIT_IO_COMPLETION'],
  [258, 'WAIT_TIMEOUT'],
  [288, 'ERROR_NOT_OWNER'],
  [298, 'ERROR_TOO_MANY_POSTS'],
  [995, 'ERROR_OPERATION_ABORTED'],
  [996, 'ERROR_IO_INCOMPLETE'],
  [997, 'ERROR_IO_PENDING'],
  [1168, 'ERROR_NOT_FOUND'],
  [1450, 'ERROR_NO_SYSTEM_RESOURCES'],
];

const resultByNumber = new Map(RESULTS);
const errorByNumber = new Map(ERRORS);
const numberByName = new Map<string, number>([
  ...ERRORS.map(([number, name]): [string, number] => [name, number]),
  ...Object.entries(NAMES),
]);

/** `0xC0` for 192. */
export const hex = (value: number): string => `0x${(value >>> 0).toString(16).toUpperCase()}`;

/** A wait's result by name where it has one, else as a number. `elapsed` is what SleepEx's 0 means. */
export const waitResultName = (value: number): string => resultByNumber.get(value >>> 0) ?? hex(value);

/** An error's name where it has one, else its number. */
export const errorName = (value: number): string => errorByNumber.get(value >>> 0) ?? String(value);

/** The number that a Win32 name stands for, or undefined. */
export const numberOfName = (name: string): number | undefined => numberByName.get(name);

/** Every name that a scenario may use for a number. */
export const knownNames = (): string[] => [...numberByName.keys()];
