/*
 * backend.h: exactly what each operating system's folder defines. Portable files include this and no system header; a
 * folder never includes the other's.
 *
 * Two engines: src/win32 calls Windows; src/posix emulates the same semantics on pthreads. Both publish the same events
 * for the same scenario, but for APC_RECORD_INFERRED.
 *
 * "The thread is ending": on posix a function that may find its thread ended (terminated, stopped, exited) returns
 * false, and every caller returns at once until the thread's main function ends it. On win32 the same functions end the
 * thread on the spot and do not return, as ExitThread does.
 */
#ifndef APC_SRC_BACKEND_H
#define APC_SRC_BACKEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "session.h"

/* ---- The operating system -------------------------------------------------------------------------------------- */

uint64_t backend_now_ns(void);  /* a monotonic clock */
uint64_t backend_unix_ns(void); /* the wall clock */
void backend_pause(void); /* about a millisecond in which the calling thread does nothing, and no APC is delivered */

/* Zeroed pages that cost memory only once touched, where the system can; NULL when refused. Never the heap. */
void *backend_reserve(size_t bytes);
void backend_release(void *memory, size_t bytes);

/* An auto-reset event for the library's own threads. */
typedef struct backend_event backend_event;
backend_event *backend_event_create(void);
void backend_event_set(backend_event *event);
bool backend_event_wait(backend_event *event, uint32_t milliseconds); /* false: the time is over first */
void backend_event_free(backend_event *event);

/* A thread of the library's own, which runs no step and is in no trace. */
typedef struct backend_helper backend_helper;
backend_helper *backend_helper_start(void (*run)(void *), void *argument);
void backend_helper_join(backend_helper *helper);

/* ---- What this engine is ----------------------------------------------------------------------------------------- */

typedef struct backend_capability {
  const char *name;
  bool present;
  const char *reason; /* why not; NULL when present */
} backend_capability;

extern const char backend_name[];                   /* "posix", "win32" */
extern const bool backend_loses_exactly;            /* an apcLost is seen, not concluded */
void backend_label(char *text, uint32_t capacity);  /* as people see it: "win32 on Wine 8.0" */
void backend_system(char *text, uint32_t capacity); /* the operating system and its build */
/* Fills at most `capacity` entries; returns how many. */
uint32_t backend_capabilities(backend_capability *list, uint32_t capacity);

/* ---- Threads --------------------------------------------------------------------------------------------------- */

/* The engine's part of a thread that is declared. Main. */
bool backend_thread_init(lab_thread *t);
void backend_thread_free(lab_thread *t);

/* Creates it, stopped before its first instruction, with suspend count 0 or 1. Returns 0 or a Win32 error. Sets
 * t->os_id where it is known so early. Then, once that is published, lets it go as far as its suspend count allows.
 * Any. */
uint32_t backend_thread_create(lab_thread *by, lab_thread *t, bool suspended);
void backend_thread_release(lab_thread *t);

/* What a new thread does is lab_thread_run (lab_thread.h): APCs queued before (facts 19..25), then its entry. */

/* Ends the calling thread. posix: returns, and then the thread is ending. win32: does not return. */
void backend_exit(lab_thread *t, apc_end_reason reason, uint32_t code);

typedef struct backend_end {
  apc_end_reason reason;
  uint32_t code;
} backend_end;

/* Has the thread left the engine for good, so that its memory is main's? Then also how it ended. Main. */
bool backend_thread_gone(lab_thread *t, backend_end *end);

/* The next APC that it never ran, in the order queued, or NULL: there is none, or no room in main's ring. Only once it
 * is gone. Main. */
apc_node *backend_take_undelivered(lab_thread *t);
/* Is there one that could not be told, or a call that queues to it and has not returned yet (win32)? Only once it is
 * gone. Main. */
bool backend_is_still_queued_to(lab_thread *t);

/* ---- Calls: made by a lab thread on itself ---------------------------------------------------------------------- */
/* They return false when the thread is ending. The last error is t->last_error, before and after. */

bool backend_sleep(lab_thread *t, uint32_t milliseconds);
bool backend_sleep_ex(lab_thread *t, uint32_t milliseconds, bool alertable, uint32_t *result);

/* Acts on t->control: called when it is not zero. */
bool backend_safe_point(lab_thread *t);

/* Waits, not alertably, until mailbox_waiting(t) says that a step is there. */
bool backend_wait_for_step(lab_thread *t);

typedef struct backend_seen {
  bool reached; /* false: the target ended before */
  bool inferred;
} backend_seen;
/* Waits until `target` is in this state or has ended. */
bool backend_await_state(lab_thread *t, lab_thread *target, apc_thread_state state, backend_seen *seen);

/* ---- Handles and objects ----------------------------------------------------------------------------------------- */

/* The engine's part of an object that is declared or made by hand: creates the kernel object (or its emulation) as its
 * entry says. Main. */
bool backend_object_init(lab_object *o);
void backend_object_free(lab_object *o);

/* Publishes objectChanged with the object's present state, in `by`'s ring. */
void backend_object_tell(lab_thread *by, lab_object *o);

/* A session is opened: whatever the engine needs for all its objects and waits. Main. */
bool backend_objects_begin(session *s);
/* The session closes: no lab thread is alive any more, the objects are still there. Main. */
void backend_objects_end(session *s);

/* ---- Waits: made by a lab thread on itself. They return false when the thread is ending ------------------------ */
/* Each sets *result and t->last_error as the Win32 function would; bad handles are found by the call itself (fact 55).
 * Each publishes objectChanged of what it consumed. */

typedef struct wait_call {
  apc_call
      call; /* waitForSingleObject(Ex), waitForMultipleObjects(Ex), signalObjectAndWait, msgWaitForMultipleObjectsEx */
  const handle_ref *handles; /* those that are awaited; one for the first two and signalObjectAndWait */
  uint32_t count;
  handle_ref signal; /* signalObjectAndWait */
  uint32_t milliseconds;
  bool alertable, wait_all, input_available;
} wait_call;
bool backend_wait_for(lab_thread *t, const wait_call *call, uint32_t *result);

/* Results are TRUE or FALSE. `extended`: the Ex function. */
bool backend_get_packet(
    lab_thread *t, handle_ref port, uint32_t milliseconds, bool extended, bool alertable, uint32_t *result);
bool backend_overlapped_result(lab_thread *t, lab_object *io, uint32_t milliseconds, bool alertable, uint32_t *result);
bool backend_wait_on_address(
    lab_thread *t, _Atomic int64_t *variable, int64_t compare, uint32_t milliseconds, uint32_t *result);
/* A variable was written: those who wait on its address look again. */
void backend_wake_address(lab_thread *t, _Atomic int64_t *variable);
bool backend_enter_critical_section(lab_thread *t, lab_object *section);
bool backend_leave_critical_section(lab_thread *t, lab_object *section);
bool backend_write_pipe(lab_thread *t, handle_ref end, uint32_t bytes, uint32_t *result);
/* NTSTATUS */
bool backend_nt_delay(lab_thread *t, uint32_t milliseconds, bool alertable, uint32_t *result);
bool backend_nt_test_alert(lab_thread *t, uint32_t *result);
bool backend_switch_to_thread(lab_thread *t, uint32_t *result);

/* ---- Other calls on objects, made by a lab thread. None blocks. They return what the Win32 function returns and set
 * t->last_error as it would; each publishes objectChanged of what it changed ----------------------------------------
 */

/* setEvent, resetEvent, pulseEvent, releaseMutex, releaseSemaphore (count), closeHandle, closePipeEnd,
 * cancelWaitableTimer (and apcCancelled) */
uint32_t backend_object_call(lab_thread *t, apc_call call, handle_ref handle, uint32_t count);

typedef struct timer_call {
  int64_t due_ms; /* from now, or since the session's start */
  bool absolute;
  int32_t period_ms; /* negative: refused */
  uint32_t routine;  /* APC_ROUTINE_NONE: none */
  uint64_t data;
  uint32_t site;
} timer_call;
/* Publishes apcArmed where it has a routine (life_arm), and apcCancelled for what it replaces. */
uint32_t backend_set_timer(lab_thread *t, handle_ref timer, const timer_call *call);

typedef struct io_call {
  apc_call call; /* readFileEx, writeFileEx, readDirectoryChanges */
  lab_object *io;
  handle_ref file; /* not readDirectoryChanges */
  uint32_t routine;
  const uint8_t *text; /* writeFileEx: what is written; NULL: any bytes */
  uint32_t bytes;
  uint64_t offset;
  uint32_t site;
} io_call;
/* TRUE or FALSE. Publishes apcArmed when the operation was begun. */
uint32_t backend_start_io(lab_thread *t, const io_call *call);
uint32_t backend_cancel_io(lab_thread *t, lab_object *io);

/* The index in place of a handle, or 0. The port does not exist before. */
uint32_t backend_create_port(lab_thread *t, lab_object *port);
uint32_t backend_post_packet(lab_thread *t, handle_ref port, uint32_t bytes, uint64_t key);
uint32_t backend_bind_to_port(lab_thread *t, handle_ref file, handle_ref port, uint64_t key);

uint32_t backend_post_message(lab_thread *t, lab_thread *target, uint32_t message, uint64_t parameter);
uint32_t backend_peek_message(lab_thread *t, bool keep);

/* TRUE or FALSE; the place then holds the new handle (what it held before is closed). */
uint32_t backend_open_thread(lab_thread *t, lab_object *place, lab_thread *target, uint32_t access);
uint32_t backend_duplicate_handle(
    lab_thread *t, lab_object *place, handle_ref source, bool same_access, uint32_t access);

/* ---- Calls on threads: made by a lab thread or by main ------------------------------------------------------------
 */
/* `by` is the caller: its last_error is set as the Win32 function would. None blocks when `by` is main. A handle's
 * thread has been created, or the handle names no thread: then the call fails as Windows would. */

typedef struct queue_call {
  apc_call call; /* queueUserApc, queueUserApc2, ntQueueApcThread, ntQueueApcThreadEx */
  handle_ref target;
  bool special, context;
  bool with_reserve;
  handle_ref reserve;
  uint32_t arguments; /* how many of the node's three the call passes on; the rest is 0 */
} queue_call;
/* Returns what the function would; success is life_queue_succeeded. Then the node belongs to the target, and may
 * already be gone. A node without a routine (APC_ROUTINE_NONE) runs nothing; on success it stays the caller's (fact
 * 11). Queued specially to oneself it has run when this returns (fact 127); false in *goes_on when the thread is ending
 * then. */
uint32_t backend_queue_apc(lab_thread *by, const queue_call *call, apc_node *node, bool *goes_on);

/* The thread that a handle is of, whatever its rights, or NULL. For the trace. */
lab_thread *backend_thread_of(lab_thread *by, handle_ref handle);

/* These two publish `suspended` and `resumed` themselves, at the instant where it is true (life.h). suspend returns
 * false when the caller is ending. */
bool backend_suspend(lab_thread *by, handle_ref target, uint32_t *result);
uint32_t backend_resume(lab_thread *by, handle_ref target);

/* Returns what TerminateThread would. When target is the caller: see backend_exit; then *goes_on is false. */
uint32_t backend_terminate(lab_thread *by, handle_ref target, uint32_t code, bool *goes_on);

/* A step was put into its mailbox. Main. */
void backend_wake_for_step(lab_thread *t);
/* Does it stand in backend_wait_for_step, not suspended? Then it stays there until main gives it a step. Main. */
bool backend_waits_for_step(lab_thread *t);

/* ---- Stop -------------------------------------------------------------------------------------------------------- */

/* Makes the thread end: at its next safe point or wait. Main. */
void backend_stop(lab_thread *t);
/* Called again and again while stopping: ends by force what does not end by itself (win32). Main. */
void backend_press_stop(struct session *s);

/* ---- A queue's contents, for resync ------------------------------------------------------------------------------ */

typedef struct backend_snapshot {
  uint32_t queued; /* how many stand in the owner's queue, as far as this engine can know */
  bool complete;   /* all their ids were written */
  bool held;       /* the queue is held still until backend_release_queue */
} backend_snapshot;
/* Owner of the queue only. main has none. */
backend_snapshot backend_hold_queue(lab_thread *owner, uint64_t *ids, uint32_t capacity);
void backend_release_queue(lab_thread *owner, backend_snapshot snapshot);

#endif
