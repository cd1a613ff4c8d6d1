/*
 * peer-uv: libuv's way to run a call on another thread: a list under a lock, then uv_async_send, which wakes the loop
 * once for many. Untraced. Each call is allocated, as a program's would be.
 */
#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

#include "load.h"

typedef struct call {
  struct call *next;
  void (*run)(void *);
  void *argument;
} call;

static uv_loop_t loop;
static uv_async_t async;
static uv_mutex_t lock;
static uv_sem_t all_ran;
static call *first, *last; /* under the lock */
static uint32_t left;      /* of this burst: the loop's, but before a burst */
static uint64_t last_ns;
static volatile uint64_t ran;

static void count(void *argument) { ++*(volatile uint64_t *)argument; }

static void on_async(uv_async_t *handle) {
  (void)handle;
  uv_mutex_lock(&lock);
  call *c = first;
  first = last = NULL;
  uv_mutex_unlock(&lock);
  while (c != NULL) {
    call *next = c->next;
    c->run(c->argument);
    free(c);
    c = next;
    if (--left > 0) continue;
    last_ns = load_now_ns();
    uv_sem_post(&all_ran);
  }
}

static void post(void) {
  call *c = malloc(sizeof *c);
  if (c == NULL) abort();
  *c = (call){.run = count, .argument = (void *)&ran};
  uv_mutex_lock(&lock);
  if (last != NULL) last->next = c;
  else first = c;
  last = c;
  uv_mutex_unlock(&lock);
  uv_async_send(&async);
}

static uint64_t run(void *of, uint32_t count) {
  (void)of;
  left = count;
  uint64_t began_ns = load_now_ns();
  for (uint32_t i = 0; i < count; i++) post();
  uv_sem_wait(&all_ran);
  return last_ns - began_ns;
}

static void serve(void *options) {
  load_pin(options, 0, LOAD_RUNS);
  uv_run(&loop, UV_RUN_DEFAULT);
}

int main(int argc, char **argv) {
  load_options options = load_read_options(argc, argv, (load_options){.seconds = 1, .burst = 262144});
  uv_thread_t thread;
  if (uv_loop_init(&loop) != 0 || uv_async_init(&loop, &async, on_async) != 0) return 1;
  if (uv_mutex_init(&lock) != 0 || uv_sem_init(&all_ran, 0) != 0 || uv_thread_create(&thread, serve, &options) != 0)
    return 1;
  load_pin(&options, 0, LOAD_POSTS);
  load_print(load_measure(&options, run, NULL));
  return 0;
}
