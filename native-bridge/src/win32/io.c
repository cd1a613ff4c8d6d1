/*
 * io.c: ReadFileEx, WriteFileEx, ReadDirectoryChangesW, whose routine the system queues to the thread that began them
 * (facts 83..90); CancelIoEx, GetOverlappedResultEx; and a write that is waited for.
 */
#include "../life.h"
#include "deliver.h"
#include "io_record.h"
#include "symbols.h"

#define NOTIFICATION_BYTES 4096u
#define CHANGES_WATCHED (FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_SIZE | FILE_NOTIFY_CHANGE_LAST_WRITE)

/* ---- the routine ---- */

/* Believed when the record is the session's and its APC this thread's. */
static lab_thread *find(const io_record *record, os_arrival *arrival) {
  session *s = session_find(record->session);
  if (s == NULL || io_record_at(s, record->index + 1) != record) return NULL;
  apc_node *node = os_armed_node(s, record->armed);
  lab_thread *t = node != NULL ? os_thread_here(s, node->target) : NULL;
  *arrival = (os_arrival){.node = node, .generation = (uint32_t)(record->armed >> 32), .fires = true};
  return t;
}

static void tell_change(lab_thread *t, lab_object *o) {
  os_tell(t, o);
  bool pipe = o->type == APC_OBJECT_PIPE_READ || o->type == APC_OBJECT_PIPE_WRITE;
  if (pipe) os_tell(t, t->session->objects[o->parameter[0]]);
}

static void CALLBACK on_io(DWORD error, DWORD bytes, OVERLAPPED *overlapped) {
  DWORD last_error = GetLastError();
  io_record *record = CONTAINING_RECORD(overlapped, io_record, overlapped);
  os_arrival arrival;
  lab_thread *t = find(record, &arrival);
  if (t == NULL) return;
  arrival.arguments[0] = error;
  arrival.arguments[1] = bytes;
  arrival.arguments[2] = record->io->index;
  arrival.object = record->changes;
  arrival.began = record->changes != NULL ? tell_change : NULL;
  io_record_is_done(t->session, record, IO_COMPLETED);
  os_deliver(t, &arrival, last_error);
}

/* ---- the calls ---- */

static BOOL begin(lab_thread *t, const io_call *call, io_record *record) {
  os_session *os = t->session->os;
  if (call->call == APC_CALL_READ_DIRECTORY_CHANGES)
    return ReadDirectoryChangesW(
        os->folder, os->scratch, NOTIFICATION_BYTES, FALSE, CHANGES_WATCHED, NULL, &record->overlapped, on_io);
  HANDLE file = os_handle_of(t, call->file);
  record->overlapped.Offset = (DWORD)call->offset;
  record->overlapped.OffsetHigh = (DWORD)(call->offset >> 32);
  DWORD bytes = call->text != NULL || call->bytes < SCRATCH_BYTES ? call->bytes : SCRATCH_BYTES;
  if (call->call == APC_CALL_READ_FILE_EX) return ReadFileEx(file, os->scratch, bytes, &record->overlapped, on_io);
  return WriteFileEx(file, call->text != NULL ? call->text : os->scratch, bytes, &record->overlapped, on_io);
}

/* The object whose state the operation changes: not what a read of a file, or the folder's watch does. */
static lab_object *changed_by(const io_call *call) {
  lab_object *o = call->call != APC_CALL_READ_DIRECTORY_CHANGES ? os_object_of(call->file) : NULL;
  if (o == NULL) return NULL;
  bool pipe = o->type == APC_OBJECT_PIPE_READ || o->type == APC_OBJECT_PIPE_WRITE;
  bool file = o->type == APC_OBJECT_FILE && call->call == APC_CALL_WRITE_FILE_EX;
  return pipe || file ? o : NULL;
}

static uint32_t fail(lab_thread *t, uint32_t error) {
  t->last_error = error;
  return 0;
}

/* For those who infer from it what a thread waits for. */
static void note_whose(lab_thread *t, const io_call *call) {
  uint64_t own = os_bit_of((handle_ref){.thread = t});
  lab_object *o = os_object_of(call->file);
  if (call->call == APC_CALL_READ_DIRECTORY_CHANGES) atomic_fetch_or(&t->session->os->watchers, own);
  if (o == NULL) return;
  os_stir_io(o); /* at the other end of a pipe somebody may go on */
  atomic_fetch_or(&o->os->io_threads, own);
}

/* Its routine cannot come before this has returned: this thread is in no alertable wait. */
static void note_begun(lab_thread *t, const io_call *call, io_record *record) {
  record->armed = os_arm(t, call->call, call->routine, call->site, 0, 0);
  uint32_t before = atomic_exchange(&call->io->os->latest, record->index + 1);
  io_record *superseded = io_record_at(t->session, before);
  if (superseded != NULL) io_record_is_done(t->session, superseded, IO_SUPERSEDED);
  if (record->changes != NULL) tell_change(t, record->changes);
  note_whose(t, call);
}

uint32_t backend_start_io(lab_thread *t, const io_call *call) {
  io_record *record = io_record_take(t->session);
  if (record == NULL) return fail(t, WIN32_ERROR_NOT_ENOUGH_MEMORY);
  record->owner = t;
  record->io = call->io;
  record->file = call->file;
  record->changes = changed_by(call);
  os_enter_system(t);
  SetLastError(t->last_error);
  BOOL begun = begin(t, call, record);
  t->last_error = GetLastError();
  os_leave_system(t);
  if (begun) note_begun(t, call, record);
  else io_record_is_done(t->session, record, IO_COMPLETED | IO_SUPERSEDED);
  return begun ? 1 : 0;
}

static HANDLE file_of(lab_thread *t, const io_record *record) {
  bool folder = record->file.thread == NULL && record->file.object == NULL;
  return folder ? t->session->os->folder : os_handle_of(t, record->file);
}

uint32_t backend_cancel_io(lab_thread *t, lab_object *io) {
  io_record *record = io_record_at(t->session, atomic_load(&io->os->latest));
  if (record == NULL) return fail(t, WIN32_ERROR_NOT_FOUND); /* never NULL: that would cancel all of the file's */
  SetLastError(t->last_error);
  BOOL done = CancelIoEx(file_of(t, record), &record->overlapped);
  t->last_error = GetLastError();
  if (record->owner != NULL) os_wait_is_stirred(record->owner->os);
  return done ? 1 : 0;
}

bool backend_overlapped_result(lab_thread *t, lab_object *io, uint32_t milliseconds, bool alertable, uint32_t *result) {
  io_record *record = io_record_at(t->session, atomic_load(&io->os->latest));
  get_overlapped_result_ex_fn get = os_symbols()->get_overlapped_result_ex;
  *result = 1; /* of an OVERLAPPED that was never used: there is nothing to wait for */
  if (record == NULL) return true;
  if (get == NULL) {
    *result = fail(t, WIN32_ERROR_PROC_NOT_FOUND);
    return true;
  }
  HANDLE file = file_of(t, record);
  DWORD bytes;
  atomic_store(&t->os->waits_for, os_bit_of(record->file));
  os_wait_begins(t->os, alertable ? APC_STATE_ALERTABLE : APC_STATE_BLOCKED);
  SetLastError(t->last_error);
  *result = get(file, &record->overlapped, &bytes, milliseconds, alertable) ? 1 : 0;
  t->last_error = GetLastError();
  os_wait_ends(t->os);
  return true;
}

/* ---- a write that is waited for ---- */

/* The thread's own, closed with it. */
static HANDLE io_event(os_thread *os) {
  if (os->io_event == NULL) os->io_event = CreateEventW(NULL, TRUE, FALSE, NULL);
  return os->io_event;
}

/* In the wait, which is not alertable (fact 38). A terminated thread's write is cancelled by the system. */
static BOOL finish_write(lab_thread *t, HANDLE file, handle_ref end, io_record *record) {
  DWORD bytes;
  atomic_store(&t->os->waits_for, os_bit_of(end));
  os_wait_begins(t->os, APC_STATE_BLOCKED);
  WaitForSingleObject(record->overlapped.hEvent, INFINITE);
  os_wait_ends(t->os);
  return GetOverlappedResult(file, &record->overlapped, &bytes, FALSE);
}

bool backend_write_pipe(lab_thread *t, handle_ref end, uint32_t bytes, uint32_t *result) {
  io_record *record = io_record_take(t->session);
  HANDLE file = os_handle_of(t, end);
  if (record == NULL || io_event(t->os) == NULL) {
    /* Without the pool this session has neither pipe nor file, and so no handle that can be written to. */
    *result = fail(t, t->session->os->io == NULL ? WIN32_ERROR_INVALID_HANDLE : WIN32_ERROR_NOT_ENOUGH_MEMORY);
    return true;
  }
  record->overlapped.hEvent = io_event(t->os);
  os_enter_system(t);
  SetLastError(t->last_error);
  BOOL done = WriteFile(
      file, t->session->os->scratch, bytes < SCRATCH_BYTES ? bytes : SCRATCH_BYTES, NULL, &record->overlapped);
  DWORD error = GetLastError();
  os_leave_system(t);
  if (!done && error == WIN32_ERROR_IO_PENDING) {
    SetLastError(t->last_error); /* a WriteFile that waits leaves no 997 behind */
    done = finish_write(t, file, end, record);
    error = GetLastError();
  }
  t->last_error = error;
  io_record_is_done(t->session, record, IO_COMPLETED | IO_SUPERSEDED);
  lab_object *o = os_object_of(end);
  if (done && o != NULL) tell_change(t, o);
  if (o != NULL) os_stir_io(o);
  *result = done ? 1 : 0;
  return true;
}
