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
#define APC_ABI_VERSION 3u

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
 * defined        S id            V 0-7 apc_class, 8-15 type (object type), 16-31 bytes of UTF-8, 32-63 offset in the text table.
 *                                A: of an object, the parameters that its type has (see "Objects")
 * threadCreated  S thread        V 0-31 OS thread id (0 on posix: threadStarted has it), 32-47 routine or 0xFFFF (hand-driven), 48 suspended, 49 controller
 * threadStarted  S none          V 0-31 OS thread id. The first thing a thread does, before APCs queued earlier.
 * threadEnded    S none          V 0-31 exit code, 32-39 apc_end_reason. Closes every call and APC still open on it.
 * suspended      S thread        V 0-31 suspend count now, 32-63 before. A thread that suspends itself tells it before (win32: inferred)
 * resumed        S thread        V as suspended
 * callBegan      S object/thread/handle/none  V 0-31 milliseconds (0xFFFFFFFF INFINITE) or the call's main number,
 *                                32 alertable, 33 waitAll, 34 inputAvailable, 35 absolute (setWaitableTimer),
 *                                40-63 site (0xFFFFFF: made by hand).
 *                                A: further arguments, see "Operands": waits for several: the subject of each;
 *                                signalObjectAndWait: the signalled one's subject (S is the awaited one);
 *                                waitOnAddress: the variable's index, the value to compare
 * callReturned   S as callBegan  V 0-31 result, 32-63 last error after the call. Pairs with the open callBegan as a stack
 * apcQueueing    S apc           V 0-15 target thread or APC_THREAD_NONE, 16-31 routine or 0xFFFF (none: it vanishes when queued,
 *                                fact 11), 32 special, 33 callbackDataContext, 34 with a reserve object, 40-63 site. A: the APC's arguments
 * apcQueued      S apc           V as callReturned (result is the call's own)
 * apcQueueFailed S apc           V as callReturned
 * apcArmed       S apc           V as apcQueueing: a timer or an I/O will queue it. A: nothing, its arguments are not known
 *                                yet. A periodic timer arms the next one when the one before was queued (posix: thread is
 *                                APC_THREAD_SYSTEM) or began (win32: inferred). posix: apcQueued follows when it is queued
 * apcBegan       S apc           V 0-15 routine, 16-31 nesting depth from 1. thread is the one it runs on.
 *                                A: its three arguments, where apcArmed could not tell them
 * apcEnded       S apc           V as apcBegan
 * apcCancelled   S apc           V 0. It was armed or queued and will not run: the timer was cancelled or set anew
 * apcLost        S apc           V 0-15 routine. thread is the ended target
 * objectChanged  S object        V its state: see "Objects". win32: as a query found it, which may have passed since.
 *                                S thread: V steps in that hand-driven thread's mailbox;
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
#define APC_SUBJECT_HANDLE 0x40000000u /* subject = this | apc_pseudo_handle */
#define APC_THREAD_MAIN       0u
#define APC_THREAD_CONTROLLER 1u
#define APC_THREAD_FIRST      2u
#define APC_THREAD_SYSTEM     0xFFFFu /* posix: what expires timers; it runs no routine and is in no list of threads */
#define APC_THREAD_NONE       0xFFFEu /* as the target of an APC call whose handle is of no thread */
#define APC_ROUTINE_NONE 0xFFFFu
#define APC_SITE_NONE    0xFFFFFFu
#define APC_INFINITE     0xFFFFFFFFu

/*
 * Calls: the Win32 (or native) function that a step makes. The numbers are also the opcodes of their instructions.
 * An engine that lacks one says so in apc_engine; such a step then fails with the error that Windows would give where
 * the function is missing (ERROR_PROC_NOT_FOUND 127, STATUS_PROCEDURE_NOT_FOUND 0xC000007A).
 */
#define APC_CALLS(X)                                                                                                   \
  X(1, SLEEP, sleep)                                                                                                   \
  X(2, SLEEP_EX, sleepEx)                                                                                              \
  X(3, WAIT_FOR_SINGLE_OBJECT, waitForSingleObject)                                                                    \
  X(4, WAIT_FOR_SINGLE_OBJECT_EX, waitForSingleObjectEx)                                                               \
  X(5, WAIT_FOR_MULTIPLE_OBJECTS, waitForMultipleObjects)                                                              \
  X(6, WAIT_FOR_MULTIPLE_OBJECTS_EX, waitForMultipleObjectsEx)                                                         \
  X(7, SIGNAL_OBJECT_AND_WAIT, signalObjectAndWait)                                                                    \
  X(8, MSG_WAIT_FOR_MULTIPLE_OBJECTS_EX, msgWaitForMultipleObjectsEx)                                                  \
  X(9, GET_QUEUED_COMPLETION_STATUS, getQueuedCompletionStatus)                                                        \
  X(10, GET_QUEUED_COMPLETION_STATUS_EX, getQueuedCompletionStatusEx)                                                  \
  X(11, GET_OVERLAPPED_RESULT_EX, getOverlappedResultEx)                                                               \
  X(12, NT_DELAY_EXECUTION, ntDelayExecution)                                                                          \
  X(13, NT_TEST_ALERT, ntTestAlert)                                                                                    \
  X(14, WAIT_ON_ADDRESS, waitOnAddress)                                                                                \
  X(15, ENTER_CRITICAL_SECTION, enterCriticalSection)                                                                  \
  X(16, LEAVE_CRITICAL_SECTION, leaveCriticalSection)                                                                  \
  X(17, SWITCH_TO_THREAD, switchToThread)                                                                              \
  X(18, QUEUE_USER_APC, queueUserApc)                                                                                  \
  X(19, QUEUE_USER_APC2, queueUserApc2)                                                                                \
  X(20, NT_QUEUE_APC_THREAD, ntQueueApcThread)                                                                         \
  X(21, NT_QUEUE_APC_THREAD_EX, ntQueueApcThreadEx)                                                                    \
  X(22, SET_WAITABLE_TIMER, setWaitableTimer)                                                                          \
  X(23, CANCEL_WAITABLE_TIMER, cancelWaitableTimer)                                                                    \
  X(24, READ_FILE_EX, readFileEx)                                                                                      \
  X(25, WRITE_FILE_EX, writeFileEx)                                                                                    \
  X(26, CANCEL_IO_EX, cancelIoEx)                                                                                      \
  X(27, READ_DIRECTORY_CHANGES, readDirectoryChanges)                                                                  \
  X(28, SET_EVENT, setEvent)                                                                                           \
  X(29, RESET_EVENT, resetEvent)                                                                                       \
  X(30, PULSE_EVENT, pulseEvent)                                                                                       \
  X(31, RELEASE_SEMAPHORE, releaseSemaphore)                                                                           \
  X(32, RELEASE_MUTEX, releaseMutex)                                                                                   \
  X(33, POST_MESSAGE, postMessage)                                                                                     \
  X(34, PEEK_MESSAGE, peekMessage)                                                                                     \
  X(35, CREATE_COMPLETION_PORT, createCompletionPort)                                                                  \
  X(36, POST_QUEUED_COMPLETION_STATUS, postQueuedCompletionStatus)                                                     \
  X(37, BIND_TO_PORT, bindToPort)                                                                                      \
  X(38, WRITE_PIPE, writePipe)                                                                                         \
  X(39, CLOSE_PIPE_END, closePipeEnd)                                                                                  \
  X(40, OPEN_HANDLE, openHandle)                                                                                       \
  X(41, DUPLICATE_HANDLE, duplicateHandle)                                                                             \
  X(42, CLOSE_HANDLE, closeHandle)                                                                                     \
  X(43, CREATE_THREAD, createThread)                                                                                   \
  X(44, SUSPEND_THREAD, suspendThread)                                                                                 \
  X(45, RESUME_THREAD, resumeThread)                                                                                   \
  X(46, TERMINATE_THREAD, terminateThread)                                                                             \
  X(47, EXIT_THREAD, exitThread)                                                                                       \
  X(48, LOG, log)                                                                                                      \
  X(49, COMPUTE, compute)                                                                                              \
  X(50, AWAIT_STATE, awaitState)                                                                                       \
  X(51, SET, set)                                                                                                      \
  X(52, ADD, add)                                                                                                      \
  X(53, SET_LAST_ERROR, setLastError)                                                                                  \
  X(54, GET_LAST_ERROR, getLastError)

typedef enum apc_call {
  APC_CALL_NONE = 0,
#define X(number, name, json) APC_CALL_##name = number,
  APC_CALLS(X)
#undef X
} apc_call;

/* ------------------------------------------------------------------------------------------------------------------ */
/* Objects                                                                                                            */
/* ------------------------------------------------------------------------------------------------------------------ */

/*
 * Types, with apc_object_entry.parameter[] and the state that objectChanged tells. In every state bit 63 says that the
 * program's handle to the object is closed.
 *
 * event            p0 manualReset, p1 signaled              0 signaled
 * semaphore        p0 count, p1 maximum                     0-31 count
 * mutex            none                                     0-15 owner's thread index (0xFFFF none, 0xFFFE owned, by whom is
 *                                                           not known), 16-31 recursion, 32 abandoned
 * timer            p0 manualReset                           0 signaled, 1 set (it will expire)
 * file             p0 text that it holds, or 0xFFFFFFFF     0-31 bytes it holds
 * pipeRead, pipeWrite  p0 index of the other end            0-31 bytes written and not read yet, 32 this end is closed
 * port             p0 1: made by createCompletionPort only  0-31 packets in it, 32 it exists
 * reserve          none (an APC reserve object)             0 in use
 * criticalSection  none                                     as mutex
 * handle           none: a place for openHandle and duplicateHandle  0 open
 * io               none: the last operation of one readFileEx, writeFileEx or readDirectoryChanges step; tells no state
 */
#define APC_OBJECT_TYPES(X)                                                                                            \
  X(1, EVENT, event)                                                                                                   \
  X(2, SEMAPHORE, semaphore)                                                                                           \
  X(3, MUTEX, mutex)                                                                                                   \
  X(4, TIMER, timer)                                                                                                   \
  X(5, FILE, file)                                                                                                     \
  X(6, PIPE_READ, pipeRead)                                                                                            \
  X(7, PIPE_WRITE, pipeWrite)                                                                                          \
  X(8, PORT, port)                                                                                                     \
  X(9, RESERVE, reserve)                                                                                               \
  X(10, CRITICAL_SECTION, criticalSection)                                                                             \
  X(11, HANDLE, handle)                                                                                                \
  X(12, IO, io)

typedef enum apc_object_type {
#define X(number, name, json) APC_OBJECT_##name = number,
  APC_OBJECT_TYPES(X)
#undef X
} apc_object_type;

#define APC_OBJECT_CLOSED ((uint64_t)1 << 63)
#define APC_OWNER_NONE    0xFFFFu
#define APC_OWNER_UNKNOWN 0xFFFEu

/* Handles that are no object of the program's. */
typedef enum apc_pseudo_handle {
  APC_HANDLE_NULL = 0,
  APC_HANDLE_BOGUS = 1, /* a value that never was a handle */
  APC_HANDLE_CURRENT_THREAD = 2,
  APC_HANDLE_CURRENT_PROCESS = 3
} apc_pseudo_handle;

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
#define APC_STEP_INPUT_AVAILABLE 0x0020u /* msgWaitForMultipleObjectsEx */
#define APC_STEP_ABSOLUTE  0x0040u       /* setWaitableTimer: due counts from the session's start */
#define APC_STEP_KEEP      0x0080u       /* peekMessage: leave the message where it is */

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
 * Operands of each call, in order. value: a constant, a local or a session variable. handle: a thread, an object (also a
 * place of type handle) or an apc_pseudo_handle. [..]: may be absent.
 *   sleep                     value ms
 *   sleepEx, ntDelayExecution value ms                          flags: ALERTABLE
 *   waitForSingleObject, Ex   handle, value ms                  flags: ALERTABLE (Ex)
 *   waitForMultipleObjects, Ex  list of handles, value ms       flags: WAIT_ALL; ALERTABLE (Ex)
 *   signalObjectAndWait       handle to signal, handle to await, value ms   flags: ALERTABLE
 *   msgWaitForMultipleObjectsEx list of handles, value ms       flags: ALERTABLE, WAIT_ALL, INPUT_AVAILABLE
 *   getQueuedCompletionStatus, Ex  handle, value ms             flags: ALERTABLE (Ex). Result: TRUE or FALSE
 *   getOverlappedResultEx     io, value ms                      flags: ALERTABLE. Result: TRUE or FALSE
 *   ntTestAlert, switchToThread (none)
 *   waitOnAddress             variable, value to compare, value ms. Result: TRUE or FALSE (1460). set and add wake
 *   enterCriticalSection, leaveCriticalSection  critical section
 *   queueUserApc              handle, routine, value data
 *   queueUserApc2             handle, routine, value data       flags: SPECIAL, CONTEXT
 *   ntQueueApcThread          handle, [routine], [value], [value], [value]
 *   ntQueueApcThreadEx        handle, [handle of a reserve], [routine], [value], [value], [value]   flags: SPECIAL
 *   setWaitableTimer          handle, value due ms (see ABSOLUTE), value period ms, [routine], [value data]
 *                             The routine gets data, low and high half of the time at which the timer was signaled (FILETIME)
 *   cancelWaitableTimer       handle
 *   readFileEx                handle, io, routine, value bytes, [value offset]
 *   writeFileEx               handle, io, routine, value bytes or text, [value offset]
 *                             The routine gets the error, the bytes, and the io's object index
 *   cancelIoEx                io
 *   readDirectoryChanges      io, routine (watches the folder of the session's files)
 *   setEvent, resetEvent, pulseEvent, releaseMutex  handle
 *   releaseSemaphore          handle, value count
 *   postMessage               thread, [value message], [value wParam]
 *   peekMessage               (none)                            flags: KEEP
 *   createCompletionPort      port
 *   postQueuedCompletionStatus  handle, [value bytes], [value key]
 *   bindToPort                handle of a file or pipe end, handle of a port, [value key]
 *   writePipe                 handle, value bytes or text. A plain WriteFile: not alertable
 *   closePipeEnd              pipe end
 *   openHandle                place, thread, value access. Result: TRUE or FALSE
 *   duplicateHandle           place, handle, [value access; absent: the same]. Result: TRUE or FALSE
 *   closeHandle               handle
 *   createThread              thread [, routine]                flags: SUSPENDED. Result: the thread's index in place of a
 *                             handle; 0 and error 183 where it was created before
 *   suspendThread, resumeThread  handle
 *   terminateThread           handle, value exitCode
 *   exitThread                value exitCode
 *   log                       text [, list of values]
 *   compute                   value microseconds
 *   awaitState                thread, constant (an apc_thread_state: BLOCKED, ALERTABLE, SUSPENDED or ENDED). Result: 0, or 1
 *                             where the thread ended before it was in that state
 *   set, add                  variable, value
 *   setLastError              value
 *   getLastError              (none)
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

typedef struct apc_object_entry { uint32_t name_text, type /* apc_object_type */; uint64_t parameter[3]; } apc_object_entry;
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
 * constant operands index `constants` (6 values), lists lie in `operands` (at most 257 in all). Threads, objects, texts and
 * routines are the loaded program's or made by hand (thread operands here are session thread indices). Returns the number
 * of steps now in the mailbox. */
APC_API int32_t apc_step(int32_t session, uint32_t thread, const apc_instruction *step, const uint64_t *constants,
    const uint32_t *operands, uint32_t operand_count);

/* Keeps a text for steps and objects made by hand, as long as the session lives: what is logged or written, what a file
 * holds. `bytes` of UTF-8, at most 65535, and 16 MiB (65536 texts) in all: beyond that APC_E_LIMIT. It is defined as the
 * program's are. Returns its index. */
APC_API int32_t apc_define_text(int32_t session, const uint8_t *text, uint32_t bytes);

/* Makes an object by hand (`parameters`: three values, see "Objects"; a pipe is made as its two ends, the reading one
 * first, whose index is returned). Returns its index. */
APC_API int32_t apc_create_object(int32_t session, const char *name, uint32_t type, const uint64_t *parameters);

/* SetEvent, ResetEvent, PulseEvent or ReleaseSemaphore (`count`; else 0) on an object, by main. Returns TRUE or FALSE; the
 * error is in the trace. */
APC_API int32_t apc_change_object(int32_t session, uint32_t call, uint32_t object, uint32_t count);

/* Publishes objectChanged with the present state of every object. */
APC_API int32_t apc_query_objects(int32_t session);

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
