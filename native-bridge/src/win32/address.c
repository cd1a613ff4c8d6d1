/*
 * address.c: waits for the process's own memory: WaitOnAddress and critical sections.
 *
 * Windows keeps the list of those who wait on addresses, and of those who wait in EnterCriticalSection, in the process,
 * with entries on the waiters' stacks: a thread terminated there leaves an entry that points nowhere, and the next
 * wake-up, of anybody in this process, follows it. So no lab thread is ever terminated inside these.
 */
#include "../life.h"
#include "symbols.h"

#define LOOK_AGAIN_MS 50u

/* Wakes by itself to see whether it is to end. Returns as WaitOnAddress. */
static BOOL wait_in_slices(lab_thread *t, _Atomic int64_t *variable, int64_t compare, uint32_t milliseconds) {
  uint64_t began_ns = backend_now_ns();
  for (;;) {
    uint64_t passed_ms = (backend_now_ns() - began_ns) / 1000000u;
    uint64_t left_ms = milliseconds == APC_INFINITE ? LOOK_AGAIN_MS : milliseconds - passed_ms;
    DWORD slice = left_ms < LOOK_AGAIN_MS ? (DWORD)left_ms : LOOK_AGAIN_MS;
    os_end_if_asked(t);
    if (os_symbols()->wait_on_address(variable, &compare, sizeof compare, slice)) return TRUE;
    DWORD error = GetLastError();
    passed_ms = (backend_now_ns() - began_ns) / 1000000u;
    if (error != WIN32_ERROR_TIMEOUT || (milliseconds != APC_INFINITE && passed_ms >= milliseconds)) return FALSE;
  }
}

bool backend_wait_on_address(
    lab_thread *t, _Atomic int64_t *variable, int64_t compare, uint32_t milliseconds, uint32_t *result) {
  os_thread *os = t->os;
  *result = 0;
  if (os_symbols()->wait_on_address == NULL) {
    t->last_error = WIN32_ERROR_PROC_NOT_FOUND;
    return true;
  }
  atomic_store(&os->waits_for, os_bit_of_address(variable));
  atomic_store(&os->in_listed_wait, 1);
  os_wait_begins(os, APC_STATE_BLOCKED);
  SetLastError(t->last_error);
  *result = wait_in_slices(t, variable, compare, milliseconds) ? 1 : 0;
  DWORD error = GetLastError();
  os_wait_ends(os);
  atomic_store(&os->in_listed_wait, 0);
  if (*result == 0) t->last_error = error; /* the slices before left theirs behind */
  os_end_if_asked(t);
  return true;
}

void backend_wake_address(lab_thread *t, _Atomic int64_t *variable) {
  wake_by_address_fn wake = os_symbols()->wake_by_address_all;
  if (wake == NULL) return;
  os_stir(t->session, os_bit_of_address(variable));
  wake(variable);
}

/* ---- critical sections ---- */

static void have(lab_thread *t, lab_object *o) {
  atomic_store(&o->os->owner, t->index);
  atomic_fetch_add(&o->os->recursion, 1);
  os_tell(t, o);
}

/* Never EnterCriticalSection itself, which would wait in such a list: tried, and while another has it, waited for by an
 * event that the lab's threads set when they leave. Now and then it looks by itself: who was woken may have been
 * terminated or suspended before he could try. */
bool backend_enter_critical_section(lab_thread *t, lab_object *section) {
  os_object *o = section->os;
  while (!TryEnterCriticalSection(&o->section)) {
    atomic_store(&t->os->waits_for, os_bit_of((handle_ref){.object = section}));
    os_wait_begins(t->os, APC_STATE_BLOCKED);
    WaitForSingleObject(o->left, LOOK_AGAIN_MS);
    os_wait_ends(t->os);
  }
  have(t, section);
  return true;
}

/* By another than its owner the real call would damage the section: nothing happens then. */
bool backend_leave_critical_section(lab_thread *t, lab_object *section) {
  os_object *o = section->os;
  if (atomic_load(&o->owner) != t->index) return true;
  bool last = atomic_fetch_sub(&o->recursion, 1) == 1;
  if (last) atomic_store(&o->owner, APC_OWNER_NONE);
  LeaveCriticalSection(&o->section);
  os_tell(t, section);
  if (!last) return true;
  os_stir(t->session, os_bit_of((handle_ref){.object = section}));
  SetEvent(o->left);
  return true;
}
