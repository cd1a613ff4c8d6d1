/* Clock, memory, and the library's own helper threads. */
#include <stdlib.h>

#include "win32.h"

static uint64_t frequency(void) {
  static _Atomic uint64_t known;
  uint64_t f = atomic_load_explicit(&known, memory_order_relaxed);
  if (f != 0) return f;
  LARGE_INTEGER asked;
  QueryPerformanceFrequency(&asked);
  atomic_store_explicit(&known, (uint64_t)asked.QuadPart, memory_order_relaxed);
  return (uint64_t)asked.QuadPart;
}

uint64_t backend_now_ns(void) {
  uint64_t f = frequency();
  LARGE_INTEGER counter;
  QueryPerformanceCounter(&counter);
  uint64_t count = (uint64_t)counter.QuadPart;
  if (f == 10000000u) return count * 100u; /* what Windows 10 and Wine use */
  return count / f * 1000000000u + count % f * 1000000000u / f;
}

void backend_pause(void) { Sleep(1); }

uint64_t backend_unix_ns(void) {
  FILETIME now;
  GetSystemTimeAsFileTime(&now);
  uint64_t hundreds = (uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime; /* of nanoseconds since 1601 */
  return (hundreds - 116444736000000000u) * 100u;
}

void *backend_reserve(size_t bytes) { return VirtualAlloc(NULL, bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE); }

void backend_release(void *memory, size_t bytes) {
  (void)bytes;
  VirtualFree(memory, 0, MEM_RELEASE);
}

struct backend_event {
  HANDLE handle;
};

backend_event *backend_event_create(void) {
  backend_event *event = malloc(sizeof *event);
  if (event == NULL) return NULL;
  event->handle = CreateEventW(NULL, FALSE, FALSE, NULL);
  if (event->handle != NULL) return event;
  free(event);
  return NULL;
}

void backend_event_set(backend_event *event) { SetEvent(event->handle); }

bool backend_event_wait(backend_event *event, uint32_t milliseconds) {
  return WaitForSingleObject(event->handle, milliseconds) == WAIT_OBJECT_0;
}

void backend_event_free(backend_event *event) {
  CloseHandle(event->handle);
  free(event);
}

struct backend_helper {
  HANDLE handle;
  void (*run)(void *);
  void *argument;
};

static DWORD WINAPI helper_main(void *argument) {
  backend_helper *helper = argument;
  helper->run(helper->argument);
  return 0;
}

backend_helper *backend_helper_start(void (*run)(void *), void *argument) {
  backend_helper *helper = malloc(sizeof *helper);
  if (helper == NULL) return NULL;
  helper->run = run;
  helper->argument = argument;
  helper->handle = CreateThread(NULL, 0, helper_main, helper, 0, NULL);
  if (helper->handle != NULL) return helper;
  free(helper);
  return NULL;
}

void backend_helper_join(backend_helper *helper) {
  WaitForSingleObject(helper->handle, INFINITE);
  CloseHandle(helper->handle);
  free(helper);
}
