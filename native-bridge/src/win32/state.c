/*
 * state.c: waiting until another thread is blocked, alertable, suspended or ended.
 *
 * That its call has begun we know ourselves; that it is really in it by now only the system knows: its list of threads
 * says Waiting. Wine says nothing there, so there a call that has begun 20 ms ago counts, if nothing came since that
 * may end it, and what rests on that is marked inferred.
 */
#include "../thread_end.h"
#include "symbols.h"

#define INFERRED_AFTER_NS 20000000u

/* Of the system's own list, as NtQuerySystemInformation hands it out on x64: entries of processes, each with its
 * threads. */
#define SYSTEM_PROCESS_INFORMATION_CLASS 5u
#define STATUS_LENGTH_MISMATCH ((LONG)0xC0000004)
#define THREAD_STATE_WAITING 5u

typedef struct system_thread {
  LARGE_INTEGER times[3];
  ULONG wait_time;
  void *start;
  HANDLE process, thread; /* ids */
  LONG priority, base_priority;
  ULONG context_switches, state, wait_reason;
} system_thread;

typedef struct system_process {
  ULONG next_entry, thread_count;
  uint8_t times_and_name[0x48];
  HANDLE id;
  uint8_t counters[0xA8];
  system_thread threads[1];
} system_process;

_Static_assert(offsetof(system_process, id) == 0x50 && offsetof(system_process, threads) == 0x100, "layout of x64");

/* The buffer is the waiting thread's, kept between looks: no lab thread uses the heap. */
static const system_process *take_snapshot(os_thread *own) {
  nt_query_system_information_fn query = os_symbols()->nt_query_system_information;
  for (;;) {
    if (own->snapshot == NULL) {
      if (own->snapshot_bytes == 0) own->snapshot_bytes = 1u << 20;
      own->snapshot = backend_reserve(own->snapshot_bytes);
      if (own->snapshot == NULL) return NULL;
    }
    ULONG needed = 0;
    LONG status = query(SYSTEM_PROCESS_INFORMATION_CLASS, own->snapshot, (ULONG)own->snapshot_bytes, &needed);
    if (status == 0) return own->snapshot;
    if (status != STATUS_LENGTH_MISMATCH) return NULL;
    backend_release(own->snapshot, own->snapshot_bytes);
    own->snapshot = NULL;
    own->snapshot_bytes *= 2;
  }
}

static bool system_says_waiting(os_thread *own, const os_thread *target) {
  const system_process *process = take_snapshot(own);
  HANDLE own_process = (HANDLE)(ULONG_PTR)GetCurrentProcessId();
  HANDLE wanted = (HANDLE)(ULONG_PTR)target->id;
  while (process != NULL && process->id != own_process) {
    process = process->next_entry != 0
                  ? (const system_process *)(const void *)((const uint8_t *)process + process->next_entry)
                  : NULL;
  }
  for (ULONG i = 0; process != NULL && i < process->thread_count; i++) {
    if (process->threads[i].thread == wanted) return process->threads[i].state == THREAD_STATE_WAITING;
  }
  return false;
}

static bool is_in_wait(os_thread *own, os_thread *target, apc_thread_state kind, bool *inferred) {
  uint32_t wait = atomic_load(&target->wait_kind);
  /* Blocked is any wait, alertable or not. */
  bool is_it = wait == (uint32_t)kind || (kind == APC_STATE_BLOCKED && wait == APC_STATE_ALERTABLE);
  if (!is_it || atomic_load(&target->suspend_count) > 0) return false;
  if (!os_knows_thread_states()) {
    *inferred = true;
    return backend_now_ns() - atomic_load(&target->wait_began_ns) >= INFERRED_AFTER_NS;
  }
  return system_says_waiting(own, target);
}

/* Its end counts once it is told, so that whoever saw it has it behind him in the trace too. */
static bool has_ended(lab_thread *target) {
  return os_is_dead(target->os) && (thread_end_is_published(target) || atomic_load(&target->end_told));
}

#define THREAD_SUSPEND_COUNT_CLASS 35u /* since Windows 8.1; Wine has it */

uint32_t os_real_suspend_count(const os_thread *os) {
  nt_query_fn query = os_symbols()->nt_query_information_thread;
  ULONG count = 0;
  bool known = query != NULL && query(os->handle, THREAD_SUSPEND_COUNT_CLASS, &count, sizeof count, NULL) >= 0;
  return known ? count : atomic_load(&os->suspend_count);
}

/* One that suspends itself has told so before it does. One that ended does not stand, whatever is left of its count. */
static bool stands_suspended(const os_thread *os) {
  return atomic_load(&os->suspend_count) > 0 && os_real_suspend_count(os) > 0 && !os_is_dead(os);
}

static bool is_reached(os_thread *own, lab_thread *target, apc_thread_state state, bool *inferred) {
  switch (state) {
    case APC_STATE_ENDED: return has_ended(target);
    case APC_STATE_SUSPENDED: return stands_suspended(target->os);
    default: return is_in_wait(own, target->os, state, inferred);
  }
}

bool backend_await_state(lab_thread *t, lab_thread *target, apc_thread_state state, backend_seen *seen) {
  os_wait_begins(t->os, APC_STATE_BLOCKED);
  for (;;) {
    os_end_if_asked(t);
    if (!lab_thread_is_created(target)) {
      Sleep(1);
      continue;
    }
    *seen = (backend_seen){.reached = true};
    if (is_reached(t->os, target, state, &seen->inferred)) break;
    /* It may have ended since that look: then it is what was awaited, or never will be. */
    seen->reached = state == APC_STATE_ENDED;
    if (has_ended(target)) break;
    WaitForSingleObject(
        target->os->handle, 1); /* a dead one ends it at once, and then only its end is left to be told */
    if (os_is_dead(target->os)) Sleep(1);
  }
  os_end_if_asked(t); /* what it saw may be the stop of others */
  os_wait_ends(t->os);
  return true;
}
