/*
 * win32.h: the real engine's own part of a thread, an object and a session. It keeps no queue: the kernel does. What it
 * knows of an APC is its node (apc_pool.h), whose index and generation travel through the kernel as the argument of the
 * Win32 APC.
 *
 * A lab thread may be suspended between any two instructions, and terminated in any wait, so nothing here is a lock and
 * no lab thread uses the heap.
 */
#ifndef APC_SRC_WIN32_WIN32_H
#define APC_SRC_WIN32_WIN32_H

#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "../backend.h"

typedef struct os_thread {
  lab_thread *self;
  HANDLE handle; /* open until the session closes, so that any may use it; set before the thread counts as created */
  _Atomic(HANDLE) public_handle; /* the program's own, which closeHandle closes (handle.c) */
  DWORD id;
  HANDLE step_event;     /* of a hand-driven thread, auto-reset */
  HANDLE io_event;       /* the owner's: of a write that it waits for; made at its first */
  bool starts_suspended; /* the creator's: it does not let it go */
  bool has_messages;     /* the owner's: it has a message queue */

  _Atomic uint32_t started; /* threadStarted is published: past the loader's work for a new thread */
  /* What the program did: every suspend and resume goes through control.c. The system's own count (state.c) is another
   * for a moment. */
  _Atomic uint32_t suspend_count;
  _Atomic uint32_t outstanding; /* APCs queued to it or being queued, not begun */
  _Atomic uint32_t armed;       /* APCs that its timers and I/O will queue */
  _Atomic(apc_node *) specials; /* special APCs that came where it could not run them, last first (special.c) */

  /* The wait it is in, as far as we know: its call has begun. 0, APC_STATE_BLOCKED or APC_STATE_ALERTABLE;
   * APC_STATE_SUSPENDED: it suspends itself. */
  _Atomic uint32_t wait_kind;
  _Atomic uint64_t wait_began_ns;
  _Atomic uint64_t waits_for; /* what may end it besides APCs: os_bit_of each, or'ed */
  _Atomic uint32_t in_step_wait;
  /* The wait's record lies on the thread's own stack, in a list of the process (WaitOnAddress): terminated there, it
   * would leave a hole in the list. It looks by itself, every few milliseconds, whether it is to end. */
  _Atomic uint32_t in_listed_wait;

  _Atomic uint32_t never_ran;  /* created suspended and not resumed since */
  _Atomic uint32_t in_system;  /* not to be suspended here: os_enter_system */
  _Atomic uint32_t end_reason; /* apc_end_reason of whoever ends it; 0 while nobody does */
  uint32_t end_code;
  void *snapshot; /* of the system's threads: state.c */
  size_t snapshot_bytes;

  apc_node *undelivered; /* main: collected once the thread is gone */
  uint64_t ended_ns;     /* main: likewise */
  bool collected;
  bool being_queued; /* main: then found on its way */
} os_thread;

typedef struct os_object {
  _Atomic(HANDLE) handle; /* NULL: it has none (yet). Once closed: a value that is none (handle.c) */
  HANDLE query; /* event, semaphore, mutex: the engine's own, to ask for its state. Keeping such an object alive
                   changes nothing that a scenario could see */
  _Atomic uint64_t told; /* the last state told (object_state.c) */

  /* handle: what the handle in it is of. */
  _Atomic(lab_thread *) of_thread;
  _Atomic(lab_object *) of_object;

  /* mutex, criticalSection: who has it, as far as we saw; APC_OWNER_NONE. */
  _Atomic uint32_t owner;
  /* criticalSection */
  _Atomic uint32_t recursion; /* the owner's */
  HANDLE left;                /* an auto-reset event: somebody left it */
  CRITICAL_SECTION section;

  /* timer: how it was set last, and the APC that is armed for that (timer.c). */
  _Atomic uint32_t sets;      /* how often SetWaitableTimer was tried */
  _Atomic uint32_t armed_set; /* which of them the armed APC belongs to */
  _Atomic uint64_t armed;     /* os_armed_apc; 0: none */
  _Atomic uint32_t is_set, period_ms, routine, site;
  _Atomic uint64_t data;

  _Atomic uint64_t io_threads; /* file, pipe: who has begun I/O on it: os_bit_of each, or'ed */

  _Atomic uint32_t latest; /* io: index + 1 of its last record (io_record.h); 0: none */
  _Atomic uint32_t in_use; /* reserve: APCs that occupy it */
} os_object;

struct io_pool;

typedef struct os_session {
  bool program_seen; /* main: its steps were looked through for what they need (thread.c) */
  uint8_t *scratch;  /* what is read, and what is written where no text is given: any bytes. SCRATCH_BYTES, or NULL */
  struct io_pool *io;
  HANDLE folder;             /* of the session's files, opened to watch it; NULL: there is none */
  _Atomic uint64_t watchers; /* who has watched it, as io_threads */
  WCHAR path[MAX_PATH + 1];
} os_session;
#define SCRATCH_BYTES (1u << 20)

/* ---- Waits ------------------------------------------------------------------------------------------------------- */

/* Around every real wait. Between the two nothing is published and no lock is held: a thread may be terminated there.
 */
void os_wait_begins(os_thread *os, apc_thread_state kind);
void os_wait_ends(os_thread *os);

/* One of 64 bits for what a wait is for; several things share one. */
uint64_t os_bit_of(handle_ref handle);
#define OS_BIT_MESSAGES ((uint64_t)1 << 63)
uint64_t os_bit_of_address(const void *address);

/* Something came that may end the thread's wait: that the wait goes on is not to be concluded from its earlier length.
 * Any. */
void os_wait_is_stirred(os_thread *os);
/* The same for all who wait for one of these; for all whose I/O may go on because of what was done to this object; for
 * all whom the end of this thread may concern. Where the system knows what its threads do, nothing. stir.c */
void os_stir(session *s, uint64_t bits);
void os_stir_io(lab_object *o);
void os_stir_end_of(lab_thread *t);

/* The caller has a message queue from now on. message.c */
void os_have_message_queue(lab_thread *t);

/* Around a call that may take a lock of the process (the heap's, user32's), and around what others wait for: nobody
 * suspends the thread there. */
static inline void os_enter_system(lab_thread *t) {
  if (t->os != NULL) atomic_store(&t->os->in_system, 1);
}
static inline void os_leave_system(lab_thread *t) {
  if (t->os != NULL) atomic_store(&t->os->in_system, 0);
}

/* ---- The thread's life --------------------------------------------------------------------------------------------
 */

/* Ends the thread here when it was asked to end: by terminate, or by the session's stop. */
void os_end_if_asked(lab_thread *t);

/* Publishes threadStarted once. */
void os_started(os_thread *os);

/* How often the system counts it suspended; where it does not say, as the program did. state.c */
uint32_t os_real_suspend_count(const os_thread *os);

/* Is the handle signaled? */
bool os_is_dead(const os_thread *os);

/* Makes the thread's waits end so that it sees that it is asked to stop. */
void os_queue_stop_apc(os_thread *os);

/* The thread's main function. */
DWORD WINAPI os_thread_main(void *argument);

/* ---- Handles: handle.c --------------------------------------------------------------------------------------------
 */

/* The real handle that a step means; where there is none, or no more, a value that the system refuses. */
HANDLE os_handle_of(lab_thread *by, handle_ref handle);
bool os_is_bad_handle(HANDLE handle);
/* The object that it is of: behind a place, the place's. NULL: it is of a thread, or of nothing. */
lab_object *os_object_of(handle_ref handle);
/* Does the handle that a place holds carry these rights? Other handles of the lab carry all. */
bool os_has_right(handle_ref handle, HANDLE real, ACCESS_MASK rights);
uint32_t os_close(lab_thread *t, handle_ref handle);

/* ---- Objects: object_state.c, file.c ---------------------------------------------------------------------------- */

/* Publishes the object's present state if it is another than was told last; main tells it always. */
void os_tell(lab_thread *by, lab_object *o);
/* Tells of the mutexes that a thread that is gone had, as far as we saw. Main. */
void os_tell_abandoned(lab_thread *main, const lab_thread *t);

/* CancelWaitableTimer, and apcCancelled. timer.c */
bool os_cancel_timer(lab_thread *t, HANDLE real, lab_object *timer);

bool os_make_file(lab_object *o);
bool os_make_pipe_end(lab_object *o);
void os_remove_folder(session *s);

#endif
