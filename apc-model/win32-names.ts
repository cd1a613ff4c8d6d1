/** Numbers that Windows gives names to, as far as a lab thread can meet them. Sources: winbase.h, winerror.h, ntstatus.h. */

const MAXIMUM_WAIT_OBJECTS = 64;

const RESULTS: readonly (readonly [number, string])[] = [
  [0x00000000, 'WAIT_OBJECT_0'],
  [0x00000080, 'WAIT_ABANDONED_0'],
  [0x000000c0, 'WAIT_IO_COMPLETION'],
  [0x00000102, 'WAIT_TIMEOUT'],
  [0xffffffff, 'WAIT_FAILED'],
];

/** What native calls return. */
const STATUSES: readonly (readonly [number, string])[] = [
  [0x00000000, 'STATUS_SUCCESS'],
  [0x00000080, 'STATUS_ABANDONED_WAIT_0'],
  [0x000000c0, 'STATUS_USER_APC'],
  [0x00000100, 'STATUS_KERNEL_APC'],
  [0x00000101, 'STATUS_ALERTED'],
  [0x00000102, 'STATUS_TIMEOUT'],
  [0x00000103, 'STATUS_PENDING'],
  [0x40000024, 'STATUS_NO_YIELD_PERFORMED'],
  [0x80000005, 'STATUS_BUFFER_OVERFLOW'],
  [0xc0000001, 'STATUS_UNSUCCESSFUL'],
  [0xc0000002, 'STATUS_NOT_IMPLEMENTED'],
  [0xc0000005, 'STATUS_ACCESS_VIOLATION'],
  [0xc0000008, 'STATUS_INVALID_HANDLE'],
  [0xc000000b, 'STATUS_INVALID_CID'],
  [0xc000000d, 'STATUS_INVALID_PARAMETER'],
  [0xc0000010, 'STATUS_INVALID_DEVICE_REQUEST'],
  [0xc0000011, 'STATUS_END_OF_FILE'],
  [0xc0000017, 'STATUS_NO_MEMORY'],
  [0xc0000022, 'STATUS_ACCESS_DENIED'],
  [0xc0000024, 'STATUS_OBJECT_TYPE_MISMATCH'],
  [0xc0000030, 'STATUS_INVALID_PARAMETER_MIX'],
  [0xc0000034, 'STATUS_OBJECT_NAME_NOT_FOUND'],
  [0xc0000044, 'STATUS_QUOTA_EXCEEDED'],
  [0xc0000046, 'STATUS_MUTANT_NOT_OWNED'],
  [0xc0000047, 'STATUS_SEMAPHORE_LIMIT_EXCEEDED'],
  [0xc000004a, 'STATUS_SUSPEND_COUNT_EXCEEDED'],
  [0xc000004b, 'STATUS_THREAD_IS_TERMINATING'],
  [0xc000007a, 'STATUS_PROCEDURE_NOT_FOUND'],
  [0xc000009a, 'STATUS_INSUFFICIENT_RESOURCES'],
  [0xc00000b0, 'STATUS_PIPE_DISCONNECTED'],
  [0xc00000b1, 'STATUS_PIPE_CLOSING'],
  [0xc00000bb, 'STATUS_NOT_SUPPORTED'],
  [0xc00000ef, 'STATUS_INVALID_PARAMETER_1'],
  [0xc00000f0, 'STATUS_INVALID_PARAMETER_2'],
  [0xc00000f1, 'STATUS_INVALID_PARAMETER_3'],
  [0xc00000f2, 'STATUS_INVALID_PARAMETER_4'],
  [0xc00000f3, 'STATUS_INVALID_PARAMETER_5'],
  [0xc00000fd, 'STATUS_STACK_OVERFLOW'],
  [0xc000010a, 'STATUS_PROCESS_IS_TERMINATING'],
  [0xc0000120, 'STATUS_CANCELLED'],
  [0xc000013a, 'STATUS_CONTROL_C_EXIT'],
  [0xc000014b, 'STATUS_PIPE_BROKEN'],
  [0xc0000225, 'STATUS_NOT_FOUND'],
];

/** Rights to a thread, a bit each; then those that every object has. */
const THREAD_RIGHTS: Readonly<Record<string, number>> = {
  THREAD_TERMINATE: 0x1,
  THREAD_SUSPEND_RESUME: 0x2,
  THREAD_ALERT: 0x4,
  THREAD_GET_CONTEXT: 0x8,
  THREAD_SET_CONTEXT: 0x10,
  THREAD_SET_INFORMATION: 0x20,
  THREAD_QUERY_INFORMATION: 0x40,
  THREAD_SET_LIMITED_INFORMATION: 0x400,
  THREAD_QUERY_LIMITED_INFORMATION: 0x800,
  DELETE: 0x10000,
  READ_CONTROL: 0x20000,
  SYNCHRONIZE: 0x100000,
};
const THREAD_ALL_ACCESS = 0x1fffff;

/** Rights that a handle can be opened with. */
const ACCESS: Readonly<Record<string, number>> = {
  ...THREAD_RIGHTS,
  THREAD_ALL_ACCESS,
  THREAD_SET_THREAD_TOKEN: 0x80,
  THREAD_IMPERSONATE: 0x100,
  THREAD_DIRECT_IMPERSONATION: 0x200,
  THREAD_RESUME: 0x1000,
  EVENT_QUERY_STATE: 0x1,
  EVENT_MODIFY_STATE: 0x2,
  EVENT_ALL_ACCESS: 0x1f0003,
  SEMAPHORE_QUERY_STATE: 0x1,
  SEMAPHORE_MODIFY_STATE: 0x2,
  SEMAPHORE_ALL_ACCESS: 0x1f0003,
  MUTEX_MODIFY_STATE: 0x1,
  MUTEX_ALL_ACCESS: 0x1f0001,
  MUTANT_QUERY_STATE: 0x1,
  MUTANT_ALL_ACCESS: 0x1f0001,
  TIMER_QUERY_STATE: 0x1,
  TIMER_MODIFY_STATE: 0x2,
  TIMER_ALL_ACCESS: 0x1f0003,
  IO_COMPLETION_QUERY_STATE: 0x1,
  IO_COMPLETION_MODIFY_STATE: 0x2,
  IO_COMPLETION_ALL_ACCESS: 0x1f0003,
  FILE_READ_DATA: 0x1,
  FILE_WRITE_DATA: 0x2,
  FILE_APPEND_DATA: 0x4,
  FILE_ALL_ACCESS: 0x1f01ff,
  FILE_GENERIC_READ: 0x120089,
  FILE_GENERIC_WRITE: 0x120116,
  WRITE_DAC: 0x40000,
  WRITE_OWNER: 0x80000,
  STANDARD_RIGHTS_REQUIRED: 0xf0000,
  STANDARD_RIGHTS_READ: 0x20000,
  STANDARD_RIGHTS_WRITE: 0x20000,
  STANDARD_RIGHTS_EXECUTE: 0x20000,
  STANDARD_RIGHTS_ALL: 0x1f0000,
  SPECIFIC_RIGHTS_ALL: 0xffff,
  MAXIMUM_ALLOWED: 0x2000000,
  GENERIC_ALL: 0x10000000,
  GENERIC_EXECUTE: 0x20000000,
  GENERIC_READ: 0x80000000,
  GENERIC_WRITE: 0x40000000,
};

const WM_USER = 0x400;
const WM_APP = 0x8000;
const MESSAGES_END = 0xc000;

const NAMES: Readonly<Record<string, number>> = {
  WAIT_OBJECT_0: 0,
  WAIT_ABANDONED: 0x80,
  WAIT_ABANDONED_0: 0x80,
  WAIT_IO_COMPLETION: 0xc0,
  WAIT_TIMEOUT: 0x102,
  WAIT_FAILED: 0xffffffff,
  NO_ERROR: 0,
  STATUS_WAIT_0: 0,
  STATUS_ABANDONED: 0x80,
  STILL_ACTIVE: 259,
  EXIT_SUCCESS: 0,
  EXIT_FAILURE: 1,
  TRUE: 1,
  FALSE: 0,
  INFINITE: 0xffffffff,
  MAXDWORD: 0xffffffff,
  MAXIMUM_WAIT_OBJECTS,
  WM_NULL: 0,
  WM_USER,
  WM_APP,
};

const ERRORS: readonly (readonly [number, string])[] = [
  [0, 'ERROR_SUCCESS'],
  [1, 'ERROR_INVALID_FUNCTION'],
  [2, 'ERROR_FILE_NOT_FOUND'],
  [3, 'ERROR_PATH_NOT_FOUND'],
  [5, 'ERROR_ACCESS_DENIED'],
  [6, 'ERROR_INVALID_HANDLE'],
  [8, 'ERROR_NOT_ENOUGH_MEMORY'],
  [14, 'ERROR_OUTOFMEMORY'],
  [24, 'ERROR_BAD_LENGTH'],
  [31, 'ERROR_GEN_FAILURE'],
  [32, 'ERROR_SHARING_VIOLATION'],
  [38, 'ERROR_HANDLE_EOF'],
  [39, 'ERROR_HANDLE_DISK_FULL'],
  [50, 'ERROR_NOT_SUPPORTED'],
  [80, 'ERROR_FILE_EXISTS'],
  [87, 'ERROR_INVALID_PARAMETER'],
  [109, 'ERROR_BROKEN_PIPE'],
  [112, 'ERROR_DISK_FULL'],
  [120, 'ERROR_CALL_NOT_IMPLEMENTED'],
  [121, 'ERROR_SEM_TIMEOUT'],
  [122, 'ERROR_INSUFFICIENT_BUFFER'],
  [126, 'ERROR_MOD_NOT_FOUND'],
  [127, 'ERROR_PROC_NOT_FOUND'],
  [130, 'ERROR_DIRECT_ACCESS_HANDLE'],
  [131, 'ERROR_NEGATIVE_SEEK'],
  [156, 'ERROR_SIGNAL_REFUSED'],
  [164, 'ERROR_MAX_THRDS_REACHED'],
  [170, 'ERROR_BUSY'],
  [183, 'ERROR_ALREADY_EXISTS'],
  [187, 'ERROR_SEM_NOT_FOUND'],
  [192, 'WAIT_IO_COMPLETION'],
  [230, 'ERROR_BAD_PIPE'],
  [231, 'ERROR_PIPE_BUSY'],
  [232, 'ERROR_NO_DATA'],
  [233, 'ERROR_PIPE_NOT_CONNECTED'],
  [234, 'ERROR_MORE_DATA'],
  [258, 'WAIT_TIMEOUT'],
  [259, 'ERROR_NO_MORE_ITEMS'],
  [288, 'ERROR_NOT_OWNER'],
  [298, 'ERROR_TOO_MANY_POSTS'],
  [487, 'ERROR_INVALID_ADDRESS'],
  [535, 'ERROR_PIPE_CONNECTED'],
  [536, 'ERROR_PIPE_LISTENING'],
  [566, 'ERROR_THREAD_NOT_IN_PROCESS'],
  [735, 'ERROR_ABANDONED_WAIT_0'],
  [737, 'ERROR_USER_APC'],
  [738, 'ERROR_KERNEL_APC'],
  [739, 'ERROR_ALERTED'],
  [995, 'ERROR_OPERATION_ABORTED'],
  [996, 'ERROR_IO_INCOMPLETE'],
  [997, 'ERROR_IO_PENDING'],
  [998, 'ERROR_NOACCESS'],
  [1001, 'ERROR_STACK_OVERFLOW'],
  [1004, 'ERROR_INVALID_FLAGS'],
  [1022, 'ERROR_NOTIFY_ENUM_DIR'],
  [1131, 'ERROR_POSSIBLE_DEADLOCK'],
  [1168, 'ERROR_NOT_FOUND'],
  [1223, 'ERROR_CANCELLED'],
  [1237, 'ERROR_RETRY'],
  [1314, 'ERROR_PRIVILEGE_NOT_HELD'],
  [1400, 'ERROR_INVALID_WINDOW_HANDLE'],
  [1444, 'ERROR_INVALID_THREAD_ID'],
  [1450, 'ERROR_NO_SYSTEM_RESOURCES'],
  [1455, 'ERROR_COMMITMENT_LIMIT'],
  [1460, 'ERROR_TIMEOUT'],
  [1784, 'ERROR_INVALID_USER_BUFFER'],
  [1816, 'ERROR_NOT_ENOUGH_QUOTA'],
];

const resultByNumber = new Map(RESULTS);
const errorByNumber = new Map(ERRORS);
const statusByNumber = new Map(STATUSES);
const byName = (list: readonly (readonly [number, string])[]): [string, number][] =>
  list.map(([number, name]) => [name, number]);
const numberByName = new Map<string, number>([
  ...byName(ERRORS),
  ...byName(STATUSES),
  ...Object.entries(ACCESS),
  ...Object.entries(NAMES),
]);

/** `0xC0` for 192. */
export const hex = (value: number): string => `0x${(value >>> 0).toString(16).toUpperCase()}`;

/** A wait's result by name where it has one, else as a number; of several objects also `WAIT_OBJECT_0 + 2`. */
export function waitResultName(value: number): string {
  const known = resultByNumber.get(value >>> 0);
  if (known !== undefined) return known;
  for (const [first, name] of RESULTS.slice(0, 2)) {
    if (value > first && value < first + MAXIMUM_WAIT_OBJECTS) return `${name} + ${value - first}`;
  }
  return hex(value);
}

/** An NTSTATUS by name where it has one, else as a number. */
export const statusName = (value: number): string => statusByNumber.get(value >>> 0) ?? hex(value);

/** An error's name where it has one, else its number. */
export const errorName = (value: number): string => errorByNumber.get(value >>> 0) ?? String(value);

/** `WAIT_OBJECT_0 + 2`, `WM_USER + 1` */
const SUM = /^(WAIT_OBJECT_0|WAIT_ABANDONED_0|WAIT_ABANDONED|WM_USER|WM_APP) ?\+ ?(\d{1,5})$/;

/** The number that a Win32 name stands for, or undefined. Of several objects, and of messages, also `WAIT_OBJECT_0 + 2`. */
export function numberOfName(name: string): number | undefined {
  const [, first, more] = SUM.exec(name) ?? [];
  if (first === undefined) return numberByName.get(name);
  const past = first.startsWith('WAIT') ? MAXIMUM_WAIT_OBJECTS : MESSAGES_END - numberByName.get(first)!;
  return Number(more) < past ? numberByName.get(first)! + Number(more) : undefined;
}

/** Every name that stands for a number. */
export const numberNames = (): string[] => [...numberByName.keys()];

/** The bits that an access right's name stands for, or undefined. */
export const accessOfName = (name: string): number | undefined =>
  Object.hasOwn(ACCESS, name) ? ACCESS[name] : undefined;

/** Every name of an access right. */
export const accessNames = (): string[] => Object.keys(ACCESS);

/** Rights to a thread by name, `THREAD_SET_CONTEXT | SYNCHRONIZE`; as a number where a bit has none. */
export function accessText(bits: number): string {
  if (bits === THREAD_ALL_ACCESS) return 'THREAD_ALL_ACCESS';
  const rights = Object.entries(THREAD_RIGHTS).filter(([, right]) => (bits & right) !== 0);
  const named = rights.reduce((sum, [, right]) => sum + right, 0);
  return bits === 0 || named !== bits ? hex(bits) : rights.map(([name]) => name).join(' | ');
}

/** `WM_APP`, `WM_APP + 1`, else a number. */
export function messageName(message: number): string {
  if (message < WM_USER || message >= MESSAGES_END) return hex(message);
  const [first, name] = message < WM_APP ? [WM_USER, 'WM_USER'] : [WM_APP, 'WM_APP'];
  return message === first ? name : `${name} + ${message - first}`;
}
