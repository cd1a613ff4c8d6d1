/*
 * win32.h: the real engine's own part of a thread. It keeps no queue: the kernel does. What it knows of an APC is its
 * node (apc_pool.h), whose index and generation travel through the kernel as the argument of the Win32 APC.
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
  DWORD id;
  HANDLE step_event; /* of a hand-driven thread, auto-reset */

  _Atomic uint32_t started;       /* threadStarted is published: past the loader's work for a new thread */
  _Atomic uint32_t suspend_count; /* ours: every suspend and resume goes through control.c */
  _Atomic uint32_t outstanding;   /* APCs queued to it or being queued, not begun */

  /* The wait it is in, as far as we know: its call has begun. 0, APC_STATE_BLOCKED or APC_STATE_ALERTABLE. */
  _Atomic uint32_t wait_kind;
  _Atomic uint64_t wait_began_ns;
  _Atomic uint32_t in_step_wait;

  _Atomic uint32_t never_ran;  /* created suspended and not resumed since */
  _Atomic uint32_t in_system;  /* inside a call that may hold a lock of the process: not to be suspended there */
  _Atomic uint32_t end_reason; /* apc_end_reason of whoever ends it; 0 while nobody does */
  uint32_t end_code;
  void *snapshot; /* of the system's threads: state.c */
  size_t snapshot_bytes;

  apc_node *undelivered; /* main: collected once the thread is gone */
  bool collected;
  bool being_queued; /* main: then found on its way */
} os_thread;

/* Around every real wait. Between the two nothing is published and no lock is held: a thread may be terminated there.
 */
void os_wait_begins(os_thread *os, apc_thread_state kind);
void os_wait_ends(os_thread *os);
/* Something came that may end the thread's wait: that the wait goes on is not to be concluded from its earlier length.
 * Any. */
void os_wait_is_stirred(os_thread *os);

/* Ends the thread here when it was asked to end: by terminate, or by the session's stop. */
void os_end_if_asked(lab_thread *t);

/* Publishes threadStarted once. */
void os_started(os_thread *os);

/* Is the handle signaled? */
bool os_is_dead(const os_thread *os);

/* Makes the thread's waits end so that it sees that it is asked to stop. */
void os_queue_stop_apc(os_thread *os);

/* The thread's main function. */
DWORD WINAPI os_thread_main(void *argument);

#endif
