/*
 * handle.c: what a step names as a handle is a real one, so that the system itself finds a wrong type, a missing right
 * or a closed one.
 *
 * A thread has two: the engine's private one and the program's, which closeHandle closes. A closed handle's value is
 * forgotten at once: the system may soon give it to something that is not the lab's.
 */
#include "../life.h"
#include "symbols.h"

bool os_is_bad_handle(HANDLE handle) {
  return handle == NULL || handle == os_symbols()->bad_handle || handle == os_symbols()->null_handle;
}

static HANDLE pseudo_handle(apc_pseudo_handle pseudo) {
  switch (pseudo) {
    case APC_HANDLE_CURRENT_THREAD: return GetCurrentThread();
    case APC_HANDLE_CURRENT_PROCESS: return GetCurrentProcess();
    case APC_HANDLE_BOGUS: return os_symbols()->bad_handle;
    default: return os_symbols()->null_handle;
  }
}

/* To main, who has no steps, a thread's handle is the private one. */
static HANDLE thread_handle(lab_thread *by, lab_thread *t) {
  if (t == by) return GetCurrentThread();
  return by->os == NULL ? t->os->handle : atomic_load(&t->os->public_handle);
}

HANDLE os_handle_of(lab_thread *by, handle_ref handle) {
  HANDLE real;
  if (handle.thread != NULL) real = thread_handle(by, handle.thread);
  else if (handle.object != NULL) real = atomic_load(&handle.object->os->handle);
  else return pseudo_handle(handle.pseudo);
  return real != NULL ? real : os_symbols()->null_handle;
}

lab_object *os_object_of(handle_ref handle) {
  lab_object *o = handle.object;
  return o != NULL && o->type == APC_OBJECT_HANDLE ? atomic_load(&o->os->of_object) : o;
}

lab_thread *backend_thread_of(lab_thread *by, handle_ref handle) {
  if (handle.thread != NULL) return handle.thread;
  if (handle.object != NULL) return atomic_load(&handle.object->os->of_thread);
  return handle.pseudo == APC_HANDLE_CURRENT_THREAD && by->os != NULL ? by : NULL;
}

/* As NtQueryObject gives it: ObjectBasicInformation. */
typedef struct object_basic_information {
  ULONG attributes;
  ACCESS_MASK granted;
  ULONG counts[2];
  ULONG reserved[10];
} object_basic_information;

bool os_has_right(handle_ref handle, HANDLE real, ACCESS_MASK rights) {
  if (handle.object == NULL) return true;
  object_basic_information known;
  nt_query_fn query = os_symbols()->nt_query_object;
  return query != NULL && query(real, 0, &known, sizeof known, NULL) == 0 && (known.granted & rights) == rights;
}

/* ---- places ---- */

static uint32_t put(lab_thread *t, lab_object *place, HANDLE handle, lab_thread *of_thread, lab_object *of_object) {
  os_object *os = place->os;
  HANDLE before = atomic_exchange(&os->handle, handle);
  atomic_store(&os->of_thread, of_thread);
  atomic_store(&os->of_object, of_object);
  if (!os_is_bad_handle(before)) CloseHandle(before);
  os_tell(t, place);
  return 1;
}

uint32_t backend_open_thread(lab_thread *t, lab_object *place, lab_thread *target, uint32_t access) {
  /* By its id, which nobody else has while our private handle is open. A thread that was never created has none. */
  DWORD id = lab_thread_is_created(target) ? target->os->id : 0;
  SetLastError(t->last_error);
  HANDLE handle = OpenThread(access, FALSE, id);
  t->last_error = GetLastError();
  return handle != NULL ? put(t, place, handle, target, NULL) : 0;
}

uint32_t backend_duplicate_handle(
    lab_thread *t, lab_object *place, handle_ref source, bool same_access, uint32_t access) {
  HANDLE real = os_handle_of(t, source);
  if (os_symbols()->strict_handles && os_is_bad_handle(real)) {
    t->last_error = WIN32_ERROR_INVALID_HANDLE;
    return 0;
  }
  HANDLE self = GetCurrentProcess();
  HANDLE handle = NULL;
  SetLastError(t->last_error);
  BOOL done = DuplicateHandle(self, real, self, &handle, access, FALSE, same_access ? DUPLICATE_SAME_ACCESS : 0);
  t->last_error = GetLastError();
  return done ? put(t, place, handle, backend_thread_of(t, source), os_object_of(source)) : 0;
}

/* ---- closing ---- */

static _Atomic(HANDLE) *slot_of(handle_ref handle) {
  if (handle.thread != NULL) return &handle.thread->os->public_handle;
  return handle.object != NULL ? &handle.object->os->handle : NULL;
}

/* The handle to close, which nobody finds any more. */
static HANDLE take(lab_thread *t, handle_ref handle) {
  _Atomic(HANDLE) *slot = slot_of(handle);
  if (slot == NULL) return os_handle_of(t, handle);
  HANDLE real = atomic_load(slot);
  do {
    if (os_is_bad_handle(real)) return NULL;
  } while (!atomic_compare_exchange_weak(slot, &real, os_symbols()->bad_handle));
  return real;
}

uint32_t os_close(lab_thread *t, handle_ref handle) {
  HANDLE real = take(t, handle);
  if (os_is_bad_handle(real)) { /* not tried: under a debugger CloseHandle makes an exception of it */
    t->last_error = WIN32_ERROR_INVALID_HANDLE;
    return 0;
  }
  if (handle.object != NULL && handle.object->type == APC_OBJECT_HANDLE) {
    atomic_store(&handle.object->os->of_thread, NULL);
    atomic_store(&handle.object->os->of_object, NULL);
  }
  SetLastError(t->last_error);
  BOOL closed = CloseHandle(real);
  t->last_error = GetLastError();
  if (handle.object != NULL) os_tell(t, handle.object);
  return closed ? 1 : 0;
}
