/* Clock, memory, and the library's own helper threads. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#include "../backend.h"
#include "condition.h"

static uint64_t read_clock(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t backend_now_ns(void) { return read_clock(CLOCK_MONOTONIC); }
uint64_t backend_unix_ns(void) { return read_clock(CLOCK_REALTIME); }

void backend_pause(void) {
  struct timespec millisecond = {.tv_nsec = 1000000};
  nanosleep(&millisecond, NULL);
}

void *backend_reserve(size_t bytes) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS;
#if defined(MAP_NORESERVE)
  flags |= MAP_NORESERVE;
#endif
  void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
  return memory == MAP_FAILED ? NULL : memory;
}

void backend_release(void *memory, size_t bytes) { munmap(memory, bytes); }

struct backend_event {
  pthread_mutex_t lock;
  pthread_cond_t wake;
  bool set;
};

backend_event *backend_event_create(void) {
  backend_event *event = calloc(1, sizeof *event);
  if (event == NULL) return NULL;
  pthread_mutex_init(&event->lock, NULL);
  condition_init(&event->wake);
  return event;
}

void backend_event_set(backend_event *event) {
  pthread_mutex_lock(&event->lock);
  event->set = true;
  pthread_cond_signal(&event->wake);
  pthread_mutex_unlock(&event->lock);
}

bool backend_event_wait(backend_event *event, uint32_t milliseconds) {
  uint64_t deadline_ns = milliseconds == APC_INFINITE ? NO_DEADLINE
                                                      : backend_now_ns() + (uint64_t)milliseconds * 1000000u;
  pthread_mutex_lock(&event->lock);
  while (!event->set && backend_now_ns() < deadline_ns) condition_wait(&event->wake, &event->lock, deadline_ns);
  bool was_set = event->set;
  event->set = false;
  pthread_mutex_unlock(&event->lock);
  return was_set;
}

void backend_event_free(backend_event *event) {
  pthread_cond_destroy(&event->wake);
  pthread_mutex_destroy(&event->lock);
  free(event);
}

struct backend_helper {
  pthread_t handle;
  void (*run)(void *);
  void *argument;
};

static void *helper_main(void *argument) {
  backend_helper *helper = argument;
  helper->run(helper->argument);
  return NULL;
}

backend_helper *backend_helper_start(void (*run)(void *), void *argument) {
  backend_helper *helper = malloc(sizeof *helper);
  if (helper == NULL) return NULL;
  helper->run = run;
  helper->argument = argument;
  if (pthread_create(&helper->handle, NULL, helper_main, helper) == 0) return helper;
  free(helper);
  return NULL;
}

void backend_helper_join(backend_helper *helper) {
  pthread_join(helper->handle, NULL);
  free(helper);
}
