/*
 * file.c: the session's temporary files, which lie in a folder of its own and are deleted when their handle is closed,
 * and its pipes. All are opened for overlapped I/O. Main.
 */
#include <stdio.h>

#include "io_record.h"
#include "symbols.h"

#define PIPE_QUOTA 65536u

/* A number that no other session on this machine has. */
static void unique_name(const session *s, WCHAR *text, size_t capacity) {
  swprintf(text, capacity, L"alertable-%lx-%lx-%llx", GetCurrentProcessId(), (unsigned long)s->number,
      (unsigned long long)s->opened_ns);
}

static bool make_folder(session *s) {
  os_session *os = s->os;
  WCHAR temporary[MAX_PATH + 1];
  WCHAR name[64];
  DWORD length = GetTempPathW(MAX_PATH, temporary);
  unique_name(s, name, sizeof name / sizeof *name);
  if (length == 0 || length + wcslen(name) + 16 > MAX_PATH) return false;
  swprintf(os->path, sizeof os->path / sizeof *os->path, L"%ls%ls", temporary, name);
  if (!CreateDirectoryW(os->path, NULL)) return false;
  HANDLE folder = CreateFileW(os->path, FILE_LIST_DIRECTORY, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
      NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OVERLAPPED, NULL);
  if (folder == INVALID_HANDLE_VALUE) return false;
  os->folder = folder;
  return true;
}

bool os_have_io(session *s) {
  os_session *os = s->os;
  if (os->scratch == NULL) os->scratch = backend_reserve(SCRATCH_BYTES);
  return os->scratch != NULL && io_pool_have(os) && (os->folder != NULL || make_folder(s));
}

void os_remove_folder(session *s) {
  os_session *os = s->os;
  if (os->folder != NULL) CloseHandle(os->folder);
  if (os->path[0] != 0) RemoveDirectoryW(os->path);
}

/* What it holds at first, by another handle: a plain write that is done when it returns. */
static bool fill(const WCHAR *path, const uint8_t *text, uint32_t bytes) {
  HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_TEMPORARY, NULL);
  if (file == INVALID_HANDLE_VALUE) return false;
  DWORD written = 0;
  bool done = bytes == 0 || (WriteFile(file, text, bytes, &written, NULL) && written == bytes);
  CloseHandle(file);
  return done;
}

bool os_make_file(lab_object *o) {
  session *s = o->session;
  if (!os_have_io(s)) return false;
  const program *p = &s->program;
  const apc_text_entry *text = o->parameter[0] < p->header.texts ? &p->texts[o->parameter[0]] : NULL;
  WCHAR path[MAX_PATH + 1];
  swprintf(path, sizeof path / sizeof *path, L"%ls\\%lu", s->os->path, (unsigned long)o->index);
  if (!fill(path, text != NULL ? p->text + text->offset : NULL, text != NULL ? text->bytes : 0)) return false;
  HANDLE file = CreateFileW(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
      NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED | FILE_FLAG_DELETE_ON_CLOSE | FILE_ATTRIBUTE_TEMPORARY, NULL);
  if (file == INVALID_HANDLE_VALUE) return false;
  atomic_store(&o->os->handle, file);
  return true;
}

/* ---- pipes ---- */

static void pipe_name(const lab_object *reading, WCHAR *text, size_t capacity) {
  WCHAR name[64];
  unique_name(reading->session, name, sizeof name / sizeof *name);
  swprintf(text, capacity, L"\\\\.\\pipe\\%ls-%lu", name, (unsigned long)reading->index);
}

/* The reading end is the server's and is made first; nobody but the writing end can connect to it. */
static HANDLE make_reading_end(const WCHAR *name) {
  return CreateNamedPipeW(name, PIPE_ACCESS_INBOUND | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
      PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS, 1, PIPE_QUOTA, PIPE_QUOTA, 0, NULL);
}

static HANDLE make_writing_end(const WCHAR *name) {
  return CreateFileW(name, GENERIC_WRITE | FILE_READ_ATTRIBUTES, 0, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
}

bool os_make_pipe_end(lab_object *o) {
  bool reading = o->type == APC_OBJECT_PIPE_READ;
  if (!os_have_io(o->session)) return false;
  WCHAR name[128];
  pipe_name(reading ? o : o->session->objects[o->parameter[0]], name, sizeof name / sizeof *name);
  HANDLE end = reading ? make_reading_end(name) : make_writing_end(name);
  if (end == INVALID_HANDLE_VALUE) return false;
  atomic_store(&o->os->handle, end);
  return true;
}
