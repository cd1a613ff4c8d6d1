/* object.c: the real objects behind a scenario's, from the session's load to its end. Main makes and frees them. */
#include <stdlib.h>

#include "io_record.h"
#include "symbols.h"

bool backend_objects_begin(session *s) {
  s->os = calloc(1, sizeof *s->os);
  return s->os != NULL;
}

/* Closed here, while the memory that the system may still write to is there. */
static void close_all(lab_object *o) {
  os_object *os = o != NULL ? o->os : NULL;
  if (os == NULL) return;
  HANDLE handle = atomic_exchange(&os->handle, NULL);
  if (!os_is_bad_handle(handle)) CloseHandle(handle);
  if (os->query != NULL) CloseHandle(os->query);
  os->query = NULL;
}

void backend_objects_end(session *s) {
  os_session *os = s->os;
  if (os == NULL) return;
  for (uint32_t i = 0; i < s->object_count; i++) close_all(s->objects[i]);
  os_remove_folder(s);
  io_pool_free(os);
  if (os->scratch != NULL) backend_release(os->scratch, SCRATCH_BYTES);
  free(os);
  s->os = NULL;
}

#define USER_APC_RESERVE 0u

/* Where the system knows no reserve objects it knows no call that takes one. */
static bool make_reserve(os_object *os) {
  nt_allocate_reserve_object_fn allocate = os_symbols()->nt_allocate_reserve_object;
  HANDLE handle = NULL;
  if (allocate != NULL && allocate(&handle, NULL, USER_APC_RESERVE) >= 0) atomic_store(&os->handle, handle);
  return true;
}

static bool make_section(os_object *os) {
  InitializeCriticalSectionEx(&os->section, 0, CRITICAL_SECTION_NO_DEBUG_INFO);
  os->left = CreateEventW(NULL, FALSE, FALSE, NULL);
  return os->left != NULL;
}

static bool keep(os_object *os, HANDLE handle) {
  atomic_store(&os->handle, handle);
  return handle != NULL;
}

/* The objects of which a second handle can do no harm: a timer or a port ends with its last one. */
static bool make_query_handle(os_object *os) {
  HANDLE self = GetCurrentProcess();
  return DuplicateHandle(self, atomic_load(&os->handle), self, &os->query, 0, FALSE, DUPLICATE_SAME_ACCESS) != 0;
}

static bool make(lab_object *o) {
  const uint64_t *p = o->parameter;
  os_object *os = o->os;
  switch (o->type) {
    case APC_OBJECT_EVENT: return keep(os, CreateEventW(NULL, p[0] != 0, p[1] != 0, NULL)) && make_query_handle(os);
    case APC_OBJECT_SEMAPHORE:
      return keep(os, CreateSemaphoreW(NULL, (LONG)p[0], (LONG)p[1], NULL)) && make_query_handle(os);
    case APC_OBJECT_MUTEX: return keep(os, CreateMutexW(NULL, FALSE, NULL)) && make_query_handle(os);
    case APC_OBJECT_TIMER: return keep(os, CreateWaitableTimerW(NULL, p[0] != 0, NULL));
    case APC_OBJECT_FILE: return os_make_file(o);
    case APC_OBJECT_PIPE_READ:
    case APC_OBJECT_PIPE_WRITE: return os_make_pipe_end(o);
    case APC_OBJECT_PORT: return p[0] != 0 || keep(os, CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0));
    case APC_OBJECT_RESERVE: return make_reserve(os);
    case APC_OBJECT_CRITICAL_SECTION: return make_section(os);
    case APC_OBJECT_HANDLE: return true;
    case APC_OBJECT_IO: return os_have_io(o->session);
  }
  return false;
}

bool backend_object_init(lab_object *o) {
  os_object *os = calloc(1, sizeof *os);
  if (os == NULL) return false;
  o->os = os;
  atomic_store(&os->told, UINT64_MAX);
  atomic_store(&os->owner, APC_OWNER_NONE);
  return make(o);
}

void backend_object_free(lab_object *o) {
  close_all(o);
  if (o->os->left != NULL) {
    CloseHandle(o->os->left);
    DeleteCriticalSection(&o->os->section);
  }
  free(o->os);
  o->os = NULL;
}
