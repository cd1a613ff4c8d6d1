/* port.c: I/O completion ports. */
#include "../life.h"
#include "win32.h"

/* What the ABI gives in place of a handle. */
static uint32_t place_of(const lab_object *o) { return o != NULL ? o->index + 1 : 1; }

/* The first call makes it. */
uint32_t backend_create_port(lab_thread *t, lab_object *port) {
  if (atomic_load(&port->os->handle) != NULL) {
    t->last_error = WIN32_ERROR_ALREADY_EXISTS;
    return 0;
  }
  SetLastError(t->last_error);
  HANDLE made = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
  t->last_error = GetLastError();
  if (made == NULL) return 0;
  HANDLE none = NULL;
  if (!atomic_compare_exchange_strong(&port->os->handle, &none, made)) {
    CloseHandle(made); /* another was quicker */
    t->last_error = WIN32_ERROR_ALREADY_EXISTS;
    return 0;
  }
  os_tell(t, port);
  return place_of(port);
}

uint32_t backend_post_packet(lab_thread *t, handle_ref handle, uint32_t bytes, uint64_t key) {
  HANDLE port = os_handle_of(t, handle);
  lab_object *o = os_object_of(handle);
  SetLastError(t->last_error);
  BOOL done = PostQueuedCompletionStatus(port, bytes, (ULONG_PTR)key, NULL);
  t->last_error = GetLastError();
  os_stir(t->session, os_bit_of(handle));
  if (done && o != NULL) os_tell(t, o);
  return done ? 1 : 0;
}

/* With NULL for a port the call would make a new one: then it gets a value that is refused. */
uint32_t backend_bind_to_port(lab_thread *t, handle_ref file, handle_ref port, uint64_t key) {
  HANDLE real_port = os_handle_of(t, port);
  if (real_port == NULL) real_port = os_handle_of(t, (handle_ref){.pseudo = APC_HANDLE_BOGUS});
  SetLastError(t->last_error);
  HANDLE bound = CreateIoCompletionPort(os_handle_of(t, file), real_port, (ULONG_PTR)key, 0);
  t->last_error = GetLastError();
  return bound != NULL ? place_of(os_object_of(port)) : 0;
}

bool backend_get_packet(
    lab_thread *t, handle_ref handle, uint32_t milliseconds, bool extended, bool alertable, uint32_t *result) {
  HANDLE port = os_handle_of(t, handle);
  lab_object *o = os_object_of(handle);
  OVERLAPPED_ENTRY entry;
  ULONG removed = 0;
  DWORD bytes;
  ULONG_PTR key;
  OVERLAPPED *overlapped;
  atomic_store(&t->os->waits_for, os_bit_of(handle));
  os_wait_begins(t->os, alertable ? APC_STATE_ALERTABLE : APC_STATE_BLOCKED);
  SetLastError(t->last_error);
  BOOL done = extended ? GetQueuedCompletionStatusEx(port, &entry, 1, &removed, milliseconds, alertable)
                       : GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, milliseconds);
  t->last_error = GetLastError();
  os_wait_ends(t->os);
  if (done && o != NULL) os_tell(t, o);
  *result = done ? 1 : 0;
  return true;
}
