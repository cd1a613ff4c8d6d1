/*
 * apc.h: the whole ABI of Alertable's native library.
 *
 * The library makes threads of its own, lets them run routines (lists of steps), queues user APCs onto them, and
 * publishes everything that happens as 32-byte records. It touches no thread that it did not create: no function takes
 * a process id, an operating-system thread id or a handle.
 *
 * Threads.    "Thread 0" (APC_THREAD_MAIN) is whoever calls these functions; all calls for one session must come from
 *             one thread at a time. No function here blocks: none waits for a lab thread, a lock held across user code,
 *             a disk or a timer.
 * Errors.     A function that can fail returns a negative apc_error; apc_error_text() then has one sentence.
 * Time.       Nanoseconds of a monotonic clock since the session was opened.
 * Twin.       apc-model/event.ts states the same numbers; apc_describe() prints this header's, and the bridge compares
 *             the two texts when it loads the library.
 */
#ifndef ALERTABLE_APC_H
#define ALERTABLE_APC_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32)
#  if defined(APC_BUILDING)
#    define APC_API __declspec(dllexport)
#  else
#    define APC_API
#  endif
#else
#  define APC_API __attribute__((visibility("default")))
#endif

/* Raised whenever a number, a layout or a meaning in this header changes. */
#define APC_ABI_VERSION 1u

/* ------------------------------------------------------------------------------------------------------------------ */
/* Errors                                                                                                             */
/* ------------------------------------------------------------------------------------------------------------------ */

#define APC_ERRORS(X)                                                                                                  \
  X(-1, BAD_SESSION, "no such session")                                                                                \
  X(-2, BAD_ARGUMENT, "an argument is out of range")                                                                   \
  X(-3, BAD_PROGRAM, "the program did not pass verification")                                                          \
  X(-4, BAD_THREAD, "no such thread in this session")                                                                  \
  X(-5, ENDED, "the thread has ended")                                                                                 \
  X(-6, LIMIT, "a limit of the session is reached")                                                                    \
  X(-7, NO_MEMORY, "out of memory")                                                                                    \
  X(-8, BUSY, "lab threads are still running, or the doorbell is being answered")                                      \
  X(-9, NOT_HAND_DRIVEN, "the thread runs a routine and takes no steps by hand")                                       \
  X(-10, UNSUPPORTED, "this engine lacks the capability")                                                              \
  X(-11, SYSTEM, "the operating system refused")                                                                       \
  X(-12, STATE, "not possible in the session's present state")

typedef enum apc_error {
  APC_OK = 0,
#define X(number, name, text) APC_E_##name = number,
  APC_ERRORS(X)
#undef X
} apc_error;

/* ------------------------------------------------------------------------------------------------------------------ */
/* Records                                                                                                            */
/* ------------------------------------------------------------------------------------------------------------------ */

/*
 * One event is a head record followed by 0..255 `more` records, which are published by the same store. Little endian.
 * Counts (published, lost, drained) are of heads.
 */
typedef struct apc_record {
  uint64_t time_ns; /* since the session was opened; never falls within one thread's records */
  uint32_t ticket;  /* session-wide order (wraps after 2^32 events) */
  uint16_t kind;    /* apc_kind */
  uint16_t flags;   /* APC_RECORD_* ; the high byte is the number of `more` records that follow */
  uint16_t thread;  /* the thread that did it (apcLost, lost, resync, threadEnded: the thread that it is about) */
  uint16_t call;    /* apc_call, 0 where no call is meant */
  uint32_t subject; /* what it is about: see each kind */
  uint64_t value;   /* see each kind */
} apc_record;

typedef struct apc_more {
  uint16_t kind;  /* APC_KIND_MORE */
  uint16_t what;  /* apc_what */
  uint32_t count; /* how many of u[] hold a value, 1..3 */
  uint64_t u[3];
} apc_more;

#define APC_RECORD_INFERRED 0x0001u /* not seen happening but concluded (win32 only) */
#define APC_RECORD_MORE     0x0002u /* at least one `more` record follows */
#define APC_RECORD_MORE_COUNT(flags) ((uint32_t)(flags) >> 8)

/*
 * Kinds. S = subject, V = value (bit ranges inclusive, low bit first), A = arguments in `more` records.
 *
 * defined        S id            V 0-7 apc_class, 8-15 type (object type), 16-31 bytes of UTF-8, 32-63 offset in the text table
 * threadCreated  S thread        V 0-31 OS thread id (0 on posix: threadStarted has it), 32-47 routine or 0xFFFF (hand-driven), 48 suspended, 49 controller
 * threadStarted  S none          V 0-31 OS thread id. The first thing a thread does, before APCs queued earlier.
 * threadEnded    S none          V 0-31 exit code, 32-39 apc_end_reason. Closes every call and APC still open on it.
 * suspended      S thread        V 0-31 suspend count now, 32-63 before. A thread that suspends itself tells it before (win32: inferred)
 * resumed        S thread        V as suspended
 * callBegan      S object/thread/none  V 0-31 milliseconds (0xFFFFFFFF INFINITE) or the call's main number,
 *                                32 alertable, 33 waitAll, 40-63 site (0xFFFFFF: made by hand). A: further arguments
 * callReturned   S as callBegan  V 0-31 result, 32-63 last error after the call. Pairs with the open callBegan as a stack
 * apcQueueing    S apc           V 0-15 target thread, 16-31 routine, 32 special, 33 callbackDataContext, 40-63 site. A: the APC's arguments
 * apcQueued      S apc           V as callReturned (result is the call's own)
 * apcQueueFailed S apc           V as callReturned
 * apcArmed       S apc           V as apcQueueing: a timer or an I/O will queue it. A: its arguments
 * apcBegan       S apc           V 0-15 routine, 16-31 nesting depth from 1. thread is the one it runs on
 * apcEnded       S apc           V as apcBegan
 * apcCancelled   S apc           V 0
 * apcLost        S apc           V 0-15 routine. thread is the ended target
 * objectChanged  S object        V its state. S thread: V steps in that hand-driven thread's mailbox;
 *                                A (when one was handed in): op, flags | first operand's value << 32
 * log            S text          V 40-63 site. A: the template's values in order
 * lost           S none          V heads that did not fit into this thread's ring since its last record
 * resync         S none          V 0-7 apc_thread_state, 8-15 open calls, 16-23 running APCs, 32-63 queued APCs.
 *                                A: ids of the queued APCs in order, all of them, where the engine knows (posix) and they fit
 * mismatch       S apc           V expected apc id. Made by the consumer: a callback contradicted the known order
 * marker         S text or none  V 0. Made by the consumer: a note by the user
 */
#define APC_KINDS(X)                                                                                                   \
  X(1, DEFINED, defined)                                                                                               \
  X(2, THREAD_CREATED, threadCreated)                                                                                  \
  X(3, THREAD_STARTED, threadStarted)                                                                                  \
  X(4, THREAD_ENDED, threadEnded)                                                                                      \
  X(5, SUSPENDED, suspended)                                                                                           \
  X(6, RESUMED, resumed)                                                                                               \
  X(7, CALL_BEGAN, callBegan)                                                                                          \
  X(8, CALL_RETURNED, callReturned)                                                                                    \
  X(9, APC_QUEUEING, apcQueueing)                                                                                      \
  X(10, APC_QUEUED, apcQueued)                                                                                         \
  X(11, APC_QUEUE_FAILED, apcQueueFailed)                                                                              \
  X(12, APC_ARMED, apcArmed)                                                                                           \
  X(13, APC_BEGAN, apcBegan)                                                                                           \
  X(14, APC_ENDED, apcEnded)                                                                                           \
  X(15, APC_CANCELLED, apcCancelled)                                                                                   \
  X(16, APC_LOST, apcLost)                                                                                             \
  X(17, OBJECT_CHANGED, objectChanged)                                                                                 \
  X(18, LOG, log)                                                                                                      \
  X(19, LOST, lost)                                                                                                    \
  X(20, RESYNC, resync)                                                                                                \
  X(21, MISMATCH, mismatch)                                                                                            \
  X(22, MARKER, marker)

typedef enum apc_kind {
#define X(number, name, json) APC_KIND_##name = number,
  APC_KINDS(X)
#undef X
  APC_KIND_MORE = 0xFFFF /* a `more` record; never a head */
} apc_kind;

typedef enum apc_what { APC_WHAT_ARGUMENTS = 1 } apc_what;

typedef enum apc_class { APC_CLASS_THREAD = 1, APC_CLASS_ROUTINE = 2, APC_CLASS_OBJECT = 3, APC_CLASS_TEXT = 4 } apc_class;

typedef enum apc_end_reason {
  APC_END_RETURNED = 1,   /* its routine came to the end */
  APC_END_EXIT_THREAD = 2,
  APC_END_TERMINATED = 3,
  APC_END_STOPPED = 4,    /* ended by apc_stop */
  APC_END_ERROR = 5       /* the interpreter gave up (nesting limit); a log record before it says why */
} apc_end_reason;

typedef enum apc_thread_state {
  APC_STATE_NOT_STARTED = 1,
  APC_STATE_RUNNING = 2,
  APC_STATE_BLOCKED = 3,   /* in a wait that is not alertable */
  APC_STATE_ALERTABLE = 4, /* in an alertable wait */
  APC_STATE_SUSPENDED = 5,
  APC_STATE_ENDED = 6
} apc_thread_state;

#define APC_SUBJECT_NONE   0xFFFFFFFFu
#define APC_SUBJECT_THREAD 0x80000000u /* subject = this | thread index */
#define APC_THREAD_MAIN       0u
#define APC_THREAD_CONTROLLER 1u
#define APC_THREAD_FIRST      2u
#define APC_ROUTINE_NONE 0xFFFFu
#define APC_SITE_NONE    0xFFFFFFu
#define APC_INFINITE     0xFFFFFFFFu

/*
 * Calls: the Win32 (or native) function that a step makes. The numbers are also the opcodes of their instructions.
 * This build of the library executes those marked 1; the loader refuses the others by name.
 */
#define APC_CALLS(X)                                                                                                   \
  X(1, SLEEP, sleep, 1)                                                                                                \
  X(2, SLEEP_EX, sleepEx, 1)                                                                                           \
  X(3, WAIT_FOR_SINGLE_OBJECT, waitForSingleObject, 0)                                                                 \
  X(4, WAIT_FOR_SINGLE_OBJECT_EX, waitForSingleObjectEx, 0)                                                            \
  X(5, WAIT_FOR_MULTIPLE_OBJECTS, waitForMultipleObjects, 0)                                                           \
  X(6, WAIT_FOR_MULTIPLE_OBJECTS_EX, waitForMultipleObjectsEx, 0)                                                      \
  X(7, SIGNAL_OBJECT_AND_WAIT, signalObjectAndWait, 0)                                                                 \
  X(8, MSG_WAIT_FOR_MULTIPLE_OBJECTS_EX, msgWaitForMultipleObjectsEx, 0)                                               \
  X(9, GET_QUEUED_COMPLETION_STATUS, getQueuedCompletionStatus, 0)                                                     \
  X(10, GET_QUEUED_COMPLETION_STATUS_EX, getQueuedCompletionStatusEx, 0)                                               \
  X(11, GET_OVERLAPPED_RESULT_EX, getOverlappedResultEx, 0)                                                            \
  X(12, NT_DELAY_EXECUTION, ntDelayExecution, 0)                                                                       \
  X(13, NT_TEST_ALERT, ntTestAlert, 0)                                                                                 \
  X(14, WAIT_ON_ADDRESS, waitOnAddress, 0)                                                                             \
  X(15, ENTER_CRITICAL_SECTION, enterCriticalSection, 0)                                                               \
  X(16, LEAVE_CRITICAL_SECTION, leaveCriticalSection, 0)                                                               \
  X(17, SWITCH_TO_THREAD, switchToThread, 0)                                                                           \
  X(18, QUEUE_USER_APC, queueUserApc, 1)                                                                               \
  X(19, QUEUE_USER_APC2, queueUserApc2, 0)                                                                             \
  X(20, NT_QUEUE_APC_THREAD, ntQueueApcThread, 0)                                                                      \
  X(21, NT_QUEUE_APC_THREAD_EX, ntQueueApcThreadEx, 0)                                                                 \
  X(22, SET_WAITABLE_TIMER, setWaitableTimer, 0)                                                                       \
  X(23, CANCEL_WAITABLE_TIMER, cancelWaitableTimer, 0)                                                                 \
  X(24, READ_FILE_EX, readFileEx, 0)                                                                                   \
  X(25, WRITE_FILE_EX, writeFileEx, 0)                                                                                 \
  X(26, CANCEL_IO_EX, cancelIoEx, 0)                                                                                   \
  X(27, READ_DIRECTORY_CHANGES, readDirectoryChanges, 0)                                                               \
  X(28, SET_EVENT, setEvent, 0)                                                                                        \
  X(29, RESET_EVENT, resetEvent, 0)                                                                                    \
  X(30, PULSE_EVENT, pulseEvent, 0)                                                                                    \
  X(31, RELEASE_SEMAPHORE, releaseSemaphore, 0)                                                                        \
  X(32, RELEASE_MUTEX, releaseMutex, 0)                                                                                \
  X(33, POST_MESSAGE, postMessage, 0)                                                                                  \
  X(34, PEEK_MESSAGE, peekMessage, 0)                                                                                  \
  X(35, CREATE_COMPLETION_PORT, createCompletionPort, 0)                                                               \
  X(36, POST_QUEUED_COMPLETION_STATUS, postQueuedCompletionStatus, 0)                                                  \
  X(37, BIND_TO_PORT, bindToPort, 0)                                                                                   \
  X(38, WRITE_PIPE, writePipe, 0)                                                                                      \
  X(39, CLOSE_PIPE_END, closePipeEnd, 0)                                                                               \
  X(40, OPEN_HANDLE, openHandle, 0)                                                                                    \
  X(41, DUPLICATE_HANDLE, duplicateHandle, 0)                                                                          \
  X(42, CLOSE_HANDLE, closeHandle, 0)                                                                                  \
  X(43, CREATE_THREAD, createThread, 1)                                                                                \
  X(44, SUSPEND_THREAD, suspendThread, 1)                                                                              \
  X(45, RESUME_THREAD, resumeThread, 1)                                                                                \
  X(46, TERMINATE_THREAD, terminateThread, 1)                                                                          \
  X(47, EXIT_THREAD, exitThread, 1)                                                                                    \
  X(48, LOG, log, 1)                                                                                                   \
  X(49, COMPUTE, compute, 1)                                                                                           \
  X(50, AWAIT_STATE, awaitState, 1)                                                                                    \
  X(51, SET, set, 1)                                                                                                   \
  X(52, ADD, add, 1)                                                                                                   \
  X(53, SET_LAST_ERROR, setLastError, 1)                                                                               \
  X(54, GET_LAST_ERROR, getLastError, 1)

typedef enum apc_call {
  APC_CALL_NONE = 0,
#define X(number, name, json, here) APC_CALL_##name = number,
  APC_CALLS(X)
#undef X
} apc_call;

/* ------------------------------------------------------------------------------------------------------------------ */
/* Programs                                                                                                           */
/* ------------------------------------------------------------------------------------------------------------------ */

/* Flow instructions; every other opcode is an apc_call. */
typedef enum apc_flow {
  APC_OP_END = 0x100,         /* return from the routine */
  APC_OP_JUMP = 0x101,        /* a[0] target */
  APC_OP_JUMP_UNLESS = 0x102, /* unless a[0] <compare in flags> a[1], go to a[2]; compares as signed 64-bit */
  APC_OP_SET_LOCAL = 0x103,   /* a[0] local, a[1] value */
  APC_OP_ADD_LOCAL = 0x104    /* a[0] local, a[1] value */
} apc_flow;

typedef enum apc_compare {
  APC_COMPARE_EQ = 0, APC_COMPARE_NE = 1, APC_COMPARE_LT = 2, APC_COMPARE_LE = 3, APC_COMPARE_GT = 4, APC_COMPARE_GE = 5
} apc_compare;

/* apc_instruction.flags of calls */
#define APC_STEP_ALERTABLE 0x0001u
#define APC_STEP_WAIT_ALL  0x0002u
#define APC_STEP_SUSPENDED 0x0004u /* createThread */
#define APC_STEP_SPECIAL   0x0008u
#define APC_STEP_CONTEXT   0x0010u

/*
 * An operand is 32 bits: its class in the top four, an index or a number in the rest.
 * A list operand points into the operand table: a count, then that many operands, none of them a list.
 */
typedef enum apc_operand_class {
  APC_OPERAND_CONSTANT = 0, /* index into the constants */
  APC_OPERAND_LOCAL = 1,    /* apc_local, or APC_LOCAL_FIRST_FREE + n */
  APC_OPERAND_VARIABLE = 2, /* index of a session variable (atomic 64-bit) */
  APC_OPERAND_THREAD = 3,   /* index into this program's threads; APC_OPERAND_VALUE_MASK means the own thread */
  APC_OPERAND_OBJECT = 4,
  APC_OPERAND_ROUTINE = 5,
  APC_OPERAND_TEXT = 6,
  APC_OPERAND_TARGET = 7,   /* instruction index, inside the same routine */
  APC_OPERAND_LIST = 8,     /* index into the operand table */
  APC_OPERAND_HANDLE = 9,   /* apc_pseudo_handle */
  APC_OPERAND_NONE = 15
} apc_operand_class;
#define APC_OPERAND(class_, value) (((uint32_t)(class_) << 28) | ((uint32_t)(value) & APC_OPERAND_VALUE_MASK))
#define APC_OPERAND_VALUE_MASK 0x0FFFFFFFu
#define APC_OPERAND_ABSENT 0xFFFFFFFFu

/* Locals of one activation of a routine. Those below APC_LOCAL_FIRST_FREE keep these meanings. */
typedef enum apc_local {
  APC_LOCAL_ARG1 = 0, APC_LOCAL_ARG2 = 1, APC_LOCAL_ARG3 = 2,
  APC_LOCAL_RESULT = 3,     /* of the last call in this activation */
  APC_LOCAL_LAST_ERROR = 4, /* GetLastError right after it */
  APC_LOCAL_ELAPSED_NS = 5, /* how long it took */
  APC_LOCAL_THREAD_ID = 6,  /* OS thread id */
  APC_LOCAL_FIRST_FREE = 8, /* loop counters */
  APC_LOCAL_COUNT = 24
} apc_local;

/*
 * Operands of each call, in order (const|var: a constant, a local or a session variable):
 *   sleep, sleepEx          milliseconds                     flags: ALERTABLE
 *   queueUserApc            thread, routine, data
 *   createThread            thread [, routine]               flags: SUSPENDED. Result: the thread's index in place of a
 *                           handle; 0 and error 183 where it was created before
 *   suspendThread, resumeThread  thread
 *   terminateThread         thread, exitCode
 *   exitThread              exitCode
 *   log                     text [, list of const|var]
 *   compute                 microseconds
 *   awaitState              thread, constant (an apc_thread_state: BLOCKED, ALERTABLE, SUSPENDED or ENDED). Result: 0, or 1
 *                           where the thread ended before it was in that state
 *   set, add                variable, value
 *   setLastError            value
 *   getLastError            (none)
 */
typedef struct apc_instruction {
  uint16_t op;    /* apc_call or apc_flow */
  uint16_t flags; /* APC_STEP_*, or apc_compare */
  uint32_t site;  /* which step of the scenario, below APC_SITE_NONE; comes back in the events */
  uint32_t a[6];  /* operands, APC_OPERAND_ABSENT where unused */
} apc_instruction;

typedef struct apc_routine_entry { uint32_t first, count, name_text, reserved; } apc_routine_entry;

#define APC_THREAD_STARTS    0x1u /* starts when the session starts; else a createThread step starts it */
#define APC_THREAD_SUSPENDED 0x2u
#define APC_THREAD_IS_CONTROLLER 0x4u /* at most one */
typedef struct apc_thread_entry { uint32_t name_text, routine /* or 0xFFFFFFFF: hand-driven */, flags, reserved; } apc_thread_entry;

typedef struct apc_object_entry { uint32_t name_text, type; uint64_t parameter[3]; } apc_object_entry;
typedef struct apc_text_entry { uint32_t offset, bytes; } apc_text_entry;

#define APC_PROGRAM_MAGIC 0x50435041u /* "APCP" */

/*
 * A program: this header, then each table in the order of its fields, each begun at a multiple of 8 bytes:
 * constants (u64), instructions, operands (u32), routines, threads, objects, texts, text bytes (UTF-8).
 * Every routine's last instruction is APC_OP_END. apc_load verifies every index, class, flag, length and target first.
 */
typedef struct apc_program_header {
  uint32_t magic, version /* APC_ABI_VERSION */, bytes /* of the whole program */;
  uint32_t constants, instructions, operands, routines, threads, objects, texts, text_bytes;
  uint32_t variables; /* session variables, all 0 at the start */
} apc_program_header;

/* ------------------------------------------------------------------------------------------------------------------ */
/* The library                                                                                                        */
/* ------------------------------------------------------------------------------------------------------------------ */

APC_API uint32_t apc_abi_version(void);
APC_API uint32_t apc_record_size(void);

/* Every number and layout of this header as canonical text, one `name=number` a line, for the twin check: `abi`,
 * `kind.callBegan`, `operand.local`, `apc_record.bytes` (its size), `apc_record.subject` (a field's offset), … Copies at
 * most `capacity` bytes with a final NUL; returns the length without NUL (call again with more when it did not fit). */
APC_API int32_t apc_describe(char *text, uint32_t capacity);

/* The engine as JSON: {"engine":"posix","label":"posix emulation","os":"Linux 6.1 …","capabilities":[{"name":"queueUserApc2","present":false,"reason":"…"}]}.
 * Returned as apc_describe returns its text. */
APC_API int32_t apc_engine(char *json, uint32_t capacity);

/* One sentence on the last error of the calling thread, as apc_describe returns its text. */
APC_API int32_t apc_error_text(char *text, uint32_t capacity);

/* ------------------------------------------------------------------------------------------------------------------ */
/* A session                                                                                                          */
/* ------------------------------------------------------------------------------------------------------------------ */

typedef struct apc_options {
  uint32_t size;         /* sizeof(apc_options) */
  uint32_t ring_records; /* of each thread's ring, a power of two from 64; 0 means 131072 */
  uint32_t max_threads;  /* 0 means 4096 */
  uint32_t max_nesting;  /* APCs nested on one thread; 0 means 256 */
} apc_options;

typedef struct apc_status {
  uint64_t now_ns;
  uint64_t opened_unix_ns;      /* wall clock at time 0 */
  uint64_t published, lost;     /* heads */
  uint64_t queued, delivered, cancelled, vanished, lost_apcs, pending; /* queued = the sum of the other five */
  uint32_t threads_created, threads_alive; /* lab threads; neither main nor the controller */
  uint32_t controller_alive;
  uint32_t program_threads_alive; /* of those that the program declares and that have been created */
  uint32_t started, stopping;
} apc_status;

typedef struct apc_drain_info {
  uint32_t records;     /* written, heads and more together */
  uint32_t heads;
  uint32_t text_bytes;  /* of the text table, that the heads handed out so far may refer to */
  uint32_t left;        /* 1: the batch was full and more can be had at once */
} apc_drain_info;

/* Opens a session; returns its number, from 1. At most 64 are open at once. options may be NULL. */
APC_API int32_t apc_open(const apc_options *options);

/* Verifies the program, copies it, defines its names and makes its objects. Once per session, before apc_start.
 * The program's thread i becomes session thread APC_THREAD_FIRST + i, the controller (the last entry, where there is
 * one) APC_THREAD_CONTROLLER; routines, objects and texts keep their indices. Threads made by hand follow. */
APC_API int32_t apc_load(int32_t session, const void *program, uint32_t bytes);

/* Starts the threads marked so, then the controller. Without a program this makes an empty session for calls by hand. */
APC_API int32_t apc_start(int32_t session);

/* Calls made by main, each traced like a step. They return the value of the Win32 call (its error is in the trace),
 * or a negative apc_error when the call could not be made at all. The 0xFFFFFFFF of a SuspendThread or ResumeThread that
 * failed is returned as APC_E_ENDED. */
/* Creates and starts a thread; routine = APC_ROUTINE_NONE makes it hand-driven; suspended 0 or 1. Returns its index. */
APC_API int32_t apc_create_thread(int32_t session, const char *name, uint32_t routine, uint32_t suspended);
APC_API int32_t apc_queue_user_apc(int32_t session, uint32_t thread, uint32_t routine, uint64_t data);
APC_API int32_t apc_suspend_thread(int32_t session, uint32_t thread);
APC_API int32_t apc_resume_thread(int32_t session, uint32_t thread);
/* Ends a thread: a hand-driven one that waits for a step exits in order with this code; any other is terminated. */
APC_API int32_t apc_end_thread(int32_t session, uint32_t thread, uint32_t exit_code);

/* Puts one step into a hand-driven thread's mailbox (at most 64 wait there). Verified like a program's instruction;
 * constant operands index `constants` (6 values). Threads and routines are the loaded program's or made by hand
 * (thread operands here are session thread indices). Returns the number of steps now in the mailbox. */
APC_API int32_t apc_step(int32_t session, uint32_t thread, const apc_instruction *step, const uint64_t *constants);

/* Ends every thread: sets a flag, wakes the waits, and on win32 terminates what stays in a system call. Returns at once;
 * apc_status shows the progress, and calling it again from time to time drives the last resort. */
APC_API int32_t apc_stop(int32_t session);

APC_API int32_t apc_status_of(int32_t session, apc_status *status);

/* ------------------------------------------------------------------------------------------------------------------ */
/* Draining                                                                                                           */
/* ------------------------------------------------------------------------------------------------------------------ */

/*
 * Hands out a consistent cut in ticket order: the tails are read, the highest published ticket noted, the tails read
 * again, and everything at or below that ticket is handed out. A cause is therefore never handed out after its effect;
 * a record whose ticket was taken but not yet published is not waited for and comes with a later drain.
 */
APC_API int32_t apc_drain(int32_t session, apc_record *records, uint32_t capacity, apc_drain_info *info);

/* Copies the text table's bytes [from, from + capacity) as far as they exist; returns how many. */
APC_API int32_t apc_drain_text(int32_t session, uint32_t from, uint8_t *bytes, uint32_t capacity);

/* Sets the function that a private notifier thread calls, once for each arming, when something is published into an
 * armed session. NULL removes it. Only while not armed. */
typedef void (*apc_doorbell)(int32_t session);
APC_API int32_t apc_set_doorbell(int32_t session, apc_doorbell bell);

/* Arms the doorbell. Returns 1 when records are already waiting (then it is not armed), else 0. */
APC_API int32_t apc_arm_doorbell(int32_t session);

/* Frees the session. APC_E_BUSY while a lab thread lives or the notifier is inside the doorbell: turn the event loop and
 * call again. After it the number is invalid. */
APC_API int32_t apc_close(int32_t session);

#ifdef __cplusplus
}
#endif
#endif
