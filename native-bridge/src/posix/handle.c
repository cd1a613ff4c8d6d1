/*
 * handle.c: what a step names as a handle, checked as the NT object manager does: is it open, of the right type, and
 * does it carry the right. Types are looked at before rights (facts 3..5).
 */
#include "dispatcher.h"

uint32_t handle_error(handle_fault fault) {
  return fault == HANDLE_NO_ACCESS ? WIN32_ERROR_ACCESS_DENIED : WIN32_ERROR_INVALID_HANDLE;
}

uint32_t handle_status(handle_fault fault) {
  switch (fault) {
    case HANDLE_OF_ANOTHER_TYPE: return NT_STATUS_OBJECT_TYPE_MISMATCH;
    case HANDLE_NO_ACCESS: return NT_STATUS_ACCESS_DENIED;
    default: return NT_STATUS_INVALID_HANDLE;
  }
}

/* What a handle is of: a place's target in its stead. */
typedef struct resolved {
  lab_thread *thread;
  os_object *object;
  uint32_t access;
  bool process;
} resolved;

/* These are memory of the process, not objects of the system. */
static bool has_no_handle(const lab_object *o) {
  return o->type == APC_OBJECT_CRITICAL_SECTION || o->type == APC_OBJECT_IO;
}

static handle_fault resolve(lab_thread *by, handle_ref handle, resolved *r) {
  *r = (resolved){.thread = handle.thread, .access = UINT32_MAX};
  if (handle.thread != NULL) {
    bool usable = handle.thread == by || (lab_thread_is_created(handle.thread) && !handle.thread->os->handle_closed);
    return usable ? HANDLE_GOOD : HANDLE_INVALID;
  }
  if (handle.object == NULL) {
    if (handle.pseudo == APC_HANDLE_CURRENT_THREAD) r->thread = by;
    r->process = handle.pseudo == APC_HANDLE_CURRENT_PROCESS;
    return handle.pseudo >= APC_HANDLE_CURRENT_THREAD ? HANDLE_GOOD : HANDLE_INVALID;
  }
  os_object *o = handle.object->os;
  if (handle.object->type != APC_OBJECT_HANDLE) {
    r->object = o;
    bool absent = handle.object->type == APC_OBJECT_PORT && !o->exists;
    return o->closed || absent || has_no_handle(handle.object) ? HANDLE_INVALID : HANDLE_GOOD;
  }
  r->thread = o->of_thread;
  r->object = o->of_object;
  r->process = o->of_process;
  r->access = o->access;
  return o->open ? HANDLE_GOOD : HANDLE_INVALID;
}

handle_fault handle_thread(lab_thread *by, handle_ref handle, uint32_t access, lab_thread **thread) {
  resolved r;
  handle_fault fault = resolve(by, handle, &r);
  if (fault != HANDLE_GOOD) return fault;
  if (r.thread == NULL) return HANDLE_OF_ANOTHER_TYPE;
  *thread = r.thread;
  return (r.access & access) == access ? HANDLE_GOOD : HANDLE_NO_ACCESS;
}

handle_fault handle_object(
    handle_ref handle, uint32_t access, apc_object_type one, apc_object_type other, os_object **object) {
  resolved r;
  handle_fault fault = resolve(NULL, handle, &r);
  if (fault != HANDLE_GOOD) return fault;
  if (r.object == NULL || (r.object->self->type != one && r.object->self->type != other)) return HANDLE_OF_ANOTHER_TYPE;
  *object = r.object;
  return (r.access & access) == access ? HANDLE_GOOD : HANDLE_NO_ACCESS;
}

handle_fault handle_file(handle_ref handle, uint32_t one_of, os_object **file) {
  resolved r;
  handle_fault fault = resolve(NULL, handle, &r);
  if (fault != HANDLE_GOOD) return fault;
  if (r.object == NULL) return HANDLE_OF_ANOTHER_TYPE;
  apc_object_type type = r.object->self->type;
  if (type != APC_OBJECT_FILE && type != APC_OBJECT_PIPE_READ && type != APC_OBJECT_PIPE_WRITE)
    return HANDLE_OF_ANOTHER_TYPE;
  *file = r.object;
  if (type != APC_OBJECT_FILE) one_of &= ~FILE_APPEND_DATA; /* of a pipe it means FILE_CREATE_PIPE_INSTANCE */
  return (r.access & one_of) != 0 ? HANDLE_GOOD : HANDLE_NO_ACCESS;
}

handle_fault handle_waitable(lab_thread *by, handle_ref handle, waitable **on) {
  resolved r;
  handle_fault fault = resolve(by, handle, &r);
  if (fault != HANDLE_GOOD) return fault;
  if ((r.access & ACCESS_SYNCHRONIZE) == 0) return HANDLE_NO_ACCESS;
  if (r.thread != NULL) {
    *on = &r.thread->os->ends;
    return HANDLE_GOOD;
  }
  if (r.process) { /* never signaled while anybody could look */
    *on = &by->session->os->process;
    return HANDLE_GOOD;
  }
  if (r.object->self->type == APC_OBJECT_RESERVE) return HANDLE_OF_ANOTHER_TYPE;
  *on = &r.object->waiters;
  return HANDLE_GOOD;
}

lab_thread *backend_thread_of(lab_thread *by, handle_ref handle) {
  if (handle.thread != NULL) return handle.thread;
  if (handle.object == NULL) return handle.pseudo == APC_HANDLE_CURRENT_THREAD && by->os != NULL ? by : NULL;
  if (handle.object->type != APC_OBJECT_HANDLE) return NULL;
  dispatcher_lock(by);
  const os_object *o = handle.object->os;
  lab_thread *thread = o->open ? o->of_thread : NULL;
  dispatcher_unlock(by);
  return thread;
}

/* With its last handle an object closes, and what is under way on it ends. */
static void release(lab_thread *by, os_object *o) {
  if (o == NULL || --o->handles > 0) return;
  switch (o->self->type) {
    case APC_OBJECT_FILE:
    case APC_OBJECT_PIPE_READ:
    case APC_OBJECT_PIPE_WRITE: io_close(by, o); break;
    case APC_OBJECT_TIMER: timer_cancel(by, o); break;
    case APC_OBJECT_PORT: port_close(by, o); break;
    default: break;
  }
  object_tell(by, o);
}

static bool close_object(lab_thread *by, os_object *o) {
  if (o->closed || has_no_handle(o->self)) return false;
  if (o->self->type == APC_OBJECT_HANDLE) {
    if (!o->open) return false;
    o->open = false;
    release(by, o->of_object);
  } else {
    o->closed = true;
    release(by, o);
  }
  object_tell(by, o);
  return true;
}

/* What others hold open, or wait for, lives on. A pseudo handle is closed by doing nothing. */
bool handle_close(lab_thread *by, handle_ref handle) {
  if (handle.object != NULL) return close_object(by, handle.object->os);
  if (handle.thread == NULL) return handle.pseudo >= APC_HANDLE_CURRENT_THREAD;
  if (!lab_thread_is_created(handle.thread)) return false;
  return !atomic_exchange(&handle.thread->os->handle_closed, true);
}

/* What each type's GENERIC_READ, _WRITE and _EXECUTE stand for. */
typedef struct generic_mapping {
  uint32_t read, write, execute;
} generic_mapping;

static generic_mapping mapping_of(const resolved *r) {
  if (r->object == NULL) return (generic_mapping){.read = 0x20048, .write = 0x20037, .execute = 0x121800};
  switch (r->object->self->type) {
    case APC_OBJECT_FILE:
    case APC_OBJECT_PIPE_READ:
    case APC_OBJECT_PIPE_WRITE: return (generic_mapping){.read = 0x120089, .write = 0x120116, .execute = 0x1200A0};
    case APC_OBJECT_MUTEX: return (generic_mapping){.read = 0x20001, .write = 0x20000, .execute = 0x120000};
    default: return (generic_mapping){.read = 0x20001, .write = 0x20002, .execute = 0x120000};
  }
}

#define GENERIC_READ 0x80000000u
#define GENERIC_WRITE 0x40000000u
#define GENERIC_EXECUTE 0x20000000u
#define GENERIC_ALL 0x10000000u
#define MAXIMUM_ALLOWED 0x02000000u

static uint32_t specific_rights(const resolved *r, uint32_t access) {
  generic_mapping mapping = mapping_of(r);
  uint32_t rights = access & ACCESS_ALL;
  if ((access & GENERIC_READ) != 0) rights |= mapping.read;
  if ((access & GENERIC_WRITE) != 0) rights |= mapping.write;
  if ((access & GENERIC_EXECUTE) != 0) rights |= mapping.execute;
  if ((access & (GENERIC_ALL | MAXIMUM_ALLOWED)) != 0) rights |= ACCESS_ALL;
  return rights;
}

static void put(lab_thread *t, lab_object *place, const resolved *r, uint32_t access) {
  os_object *o = place->os;
  if (r->object != NULL) r->object->handles++;
  o->open = true;
  o->of_thread = r->thread;
  o->of_object = r->object;
  o->of_process = r->process;
  o->access = access;
  o->told = UINT64_MAX;
  object_tell(t, o);
}

/* By its id, as OpenThread: a thread that was never created has none. */
uint32_t backend_open_thread(lab_thread *t, lab_object *place, lab_thread *target, uint32_t access) {
  if (!lab_thread_is_created(target)) {
    t->last_error = WIN32_ERROR_INVALID_PARAMETER;
    return 0;
  }
  dispatcher_lock(t);
  const resolved r = {.thread = target};
  put(t, place, &r, specific_rights(&r, access));
  dispatcher_unlock(t);
  return 1;
}

/* What a duplicate may carry. A file was opened for certain rights, and no duplicate has others (DuplicateHandle);
 * other objects are asked anew, and grant their own process all. */
static uint32_t most_rights(const resolved *r) {
  if (r->object == NULL) return ACCESS_ALL;
  switch (r->object->self->type) {
    case APC_OBJECT_FILE: return r->access;
    case APC_OBJECT_PIPE_READ: return r->access & ~(FILE_WRITE_DATA | FILE_APPEND_DATA);
    case APC_OBJECT_PIPE_WRITE: return r->access & ~FILE_READ_DATA;
    default: return ACCESS_ALL;
  }
}

uint32_t backend_duplicate_handle(
    lab_thread *t, lab_object *place, handle_ref source, bool same_access, uint32_t access) {
  dispatcher_lock(t);
  resolved r;
  handle_fault fault = resolve(t, source, &r);
  if (fault == HANDLE_GOOD) {
    uint32_t most = most_rights(&r), rights = same_access ? r.access : specific_rights(&r, access);
    if ((access & MAXIMUM_ALLOWED) != 0) rights &= most;
    if (!same_access && (rights & ~most) != 0) fault = HANDLE_NO_ACCESS;
    else put(t, place, &r, rights);
  }
  dispatcher_unlock(t);
  if (fault == HANDLE_GOOD) return 1;
  t->last_error = handle_error(fault);
  return 0;
}
