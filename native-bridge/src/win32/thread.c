/* A lab thread from CreateThread to the signaled handle. */
#include "../lab_thread.h"

#include <stdlib.h>

#include "../hand.h"
#include "../thread_end.h"
#include "deliver.h"
#include "symbols.h"

/* A stack holds max_nesting activations; for each the system keeps a CONTEXT with the extended registers there too. */
#define STACK_BASE_BYTES (256u * 1024u)
#define STACK_BYTES_PER_NESTING 16384u

/* Does the loaded program look at messages? A hand may. The first thread of a program is made when it is loaded. */
static bool uses_messages(const lab_thread *t) {
  const program *p = &t->session->program;
  if (t->mailbox != NULL) return true;
  if (t->session->os->program_seen) return false;
  t->session->os->program_seen = true;
  for (uint32_t i = 0; i < p->header.instructions; i++) {
    uint16_t op = p->instructions[i].op;
    if (op == APC_CALL_POST_MESSAGE || op == APC_CALL_PEEK_MESSAGE || op == APC_CALL_MSG_WAIT_FOR_MULTIPLE_OBJECTS_EX)
      return true;
  }
  return false;
}

/* By main, before any lab thread could be in need of it: see symbols.h. */
static void load_what_is_needed(const lab_thread *t) {
  os_symbols();
  if (os_messages()->peek_message == NULL && uses_messages(t)) os_load_messages();
}

bool backend_thread_init(lab_thread *t) {
  load_what_is_needed(t);
  os_thread *os = calloc(1, sizeof *os);
  if (os == NULL) return false;
  os->self = t;
  t->os = os;
  if (t->mailbox == NULL) return true;
  os->step_event = CreateEventW(NULL, FALSE, FALSE, NULL);
  return os->step_event != NULL;
}

void backend_thread_free(lab_thread *t) {
  os_thread *os = t->os;
  if (os->handle != NULL) CloseHandle(os->handle);
  HANDLE public_handle = atomic_load(&os->public_handle);
  if (!os_is_bad_handle(public_handle)) CloseHandle(public_handle);
  if (os->io_event != NULL) CloseHandle(os->io_event);
  if (os->step_event != NULL) CloseHandle(os->step_event);
  if (os->snapshot != NULL) backend_release(os->snapshot, os->snapshot_bytes);
  free(os);
  t->os = NULL;
}

void os_started(os_thread *os) {
  if (atomic_load(&os->started)) return;
  lab_thread_started(os->self);
  atomic_store(&os->started, 1);
}

void os_end_if_asked(lab_thread *t) {
  if ((atomic_load(&t->control) & CONTROL_END) == 0 && !atomic_load(&t->session->stopping)) return;
  os_thread *os = t->os;
  apc_end_reason reason = (apc_end_reason)atomic_load(&os->end_reason);
  backend_exit(t, reason != 0 ? reason : APC_END_STOPPED, reason != 0 ? os->end_code : EXIT_CODE_STOPPED);
}

/* APCs queued before the start have run already, inside the system's thread initialisation (facts 19, 20). */
DWORD WINAPI os_thread_main(void *argument) {
  os_thread *os = argument;
  os_end_if_asked(os->self);
  os_started(os);
  lab_thread_entry(os->self);
  backend_exit(os->self, APC_END_RETURNED, 0);
  return 0;
}

bool backend_safe_point(lab_thread *t) {
  os_end_if_asked(t);
  if (atomic_load(&t->control) & CONTROL_SPECIAL) os_run_specials(t);
  return true;
}

/* The record is the last thing that it does of its own: from here on only the system's own end of a thread. */
void backend_exit(lab_thread *t, apc_end_reason reason, uint32_t code) {
  os_wait_ends(t->os);
  thread_end_publish(t, reason, code);
  os_stir_end_of(t);
  ExitThread(code);
}

/* The creator must not be left suspended inside CreateThread, with the heap or more locked: control.c looks at
 * in_system. */
static HANDLE create(lab_thread *by, os_thread *os, SIZE_T stack) {
  if (by->os != NULL) atomic_store(&by->os->in_system, 1);
  HANDLE handle = CreateThread(
      NULL, stack, os_thread_main, os, CREATE_SUSPENDED | STACK_SIZE_PARAM_IS_A_RESERVATION, &os->id);
  DWORD error = GetLastError();
  if (by->os != NULL) atomic_store(&by->os->in_system, 0);
  SetLastError(error);
  return handle;
}

uint32_t backend_thread_create(lab_thread *by, lab_thread *t, bool suspended) {
  os_thread *os = t->os;
  os->handle = create(by, os, STACK_BASE_BYTES + (SIZE_T)t->session->max_nesting * STACK_BYTES_PER_NESTING);
  if (os->handle == NULL) return GetLastError();
  HANDLE self = GetCurrentProcess();
  HANDLE public_handle = NULL;
  DuplicateHandle(self, os->handle, self, &public_handle, 0, FALSE, DUPLICATE_SAME_ACCESS);
  atomic_store(&os->public_handle, public_handle);
  os->starts_suspended = suspended;
  atomic_store(&os->suspend_count, suspended ? 1 : 0);
  atomic_store(&os->never_ran, suspended ? 1 : 0);
  atomic_store_explicit(&t->os_id, os->id, memory_order_relaxed);
  return 0;
}

void backend_thread_release(lab_thread *t) {
  if (!t->os->starts_suspended) ResumeThread(t->os->handle);
}

bool os_is_dead(const os_thread *os) { return WaitForSingleObject(os->handle, 0) == WAIT_OBJECT_0; }
