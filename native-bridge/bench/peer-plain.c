/*
 * peer-plain: a queue of calls for each thread behind a mutex and a condition variable, one call run at a time with the
 * lock released: the least that a user APC queue can be. Untraced. Each call is allocated, as a program's would be.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "load.h"

typedef struct call {
  struct call *next;
  void (*run)(void *);
} call;

typedef struct target {
  pthread_mutex_t lock;
  pthread_cond_t wake;
  call *first, *last;
  uint32_t left; /* of this burst; its own thread's, but before a burst */
  uint64_t last_ns;
  pthread_t handle;
} target;

typedef struct plain {
  target *targets;
  uint32_t threads;
  pthread_mutex_t lock;
  pthread_cond_t all_ran;
  uint32_t busy; /* targets */
} plain;
static plain all;

static void count(void *argument) { ++*(volatile uint64_t *)argument; }

static load_options options;

static void *serve(void *argument) {
  load_pin(&options, 0, LOAD_RUNS);
  target *t = argument;
  static _Thread_local uint64_t ran;
  pthread_mutex_lock(&t->lock);
  for (;;) {
    while (t->first == NULL) pthread_cond_wait(&t->wake, &t->lock);
    call *c = t->first;
    t->first = c->next;
    uint32_t left = --t->left;
    pthread_mutex_unlock(&t->lock);
    c->run(&ran);
    free(c);
    if (left == 0) {
      t->last_ns = load_now_ns();
      pthread_mutex_lock(&all.lock);
      if (--all.busy == 0) pthread_cond_signal(&all.all_ran);
      pthread_mutex_unlock(&all.lock);
    }
    pthread_mutex_lock(&t->lock);
  }
  return NULL;
}

static void post(target *t) {
  call *c = malloc(sizeof *c);
  if (c == NULL) abort();
  *c = (call){.run = count};
  pthread_mutex_lock(&t->lock);
  if (t->first != NULL) t->last->next = c;
  else t->first = c;
  t->last = c;
  pthread_cond_signal(&t->wake);
  pthread_mutex_unlock(&t->lock);
}

static uint64_t run(void *of, uint32_t calls) {
  (void)of;
  all.busy = all.threads;
  for (uint32_t i = 0; i < all.threads; i++) all.targets[i].left = calls / all.threads;
  uint64_t began_ns = load_now_ns(), last_ns = 0;
  for (uint32_t i = 0; i < calls; i++) post(&all.targets[i % all.threads]);
  pthread_mutex_lock(&all.lock);
  while (all.busy > 0) pthread_cond_wait(&all.all_ran, &all.lock);
  pthread_mutex_unlock(&all.lock);
  for (uint32_t i = 0; i < all.threads; i++) {
    if (all.targets[i].last_ns > last_ns) last_ns = all.targets[i].last_ns;
  }
  return last_ns - began_ns;
}

int main(int argc, char **argv) {
  options = load_read_options(argc, argv, (load_options){.seconds = 1, .burst = 262144, .threads = 1});
  options.burst -= options.burst % options.threads;
  all.threads = options.threads;
  all.targets = calloc(all.threads, sizeof *all.targets);
  if (all.targets == NULL) return 1;
  pthread_mutex_init(&all.lock, NULL);
  pthread_cond_init(&all.all_ran, NULL);
  for (uint32_t i = 0; i < all.threads; i++) {
    target *t = &all.targets[i];
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->wake, NULL);
    if (pthread_create(&t->handle, NULL, serve, t) != 0) return 1;
  }
  load_pin(&options, 0, LOAD_POSTS);
  load_print(load_measure(&options, run, NULL));
  return 0;
}
