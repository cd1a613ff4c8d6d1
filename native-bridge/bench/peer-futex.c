/*
 * peer-futex: from just before a store and FUTEX_WAKE to the first instruction behind FUTEX_WAIT on another thread: the
 * least that waking a thread costs on Linux. The waker lets the other settle as bench-wake does.
 */
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "load.h"

#define SETTLE_NS 50000u

static _Atomic uint32_t word;
static _Atomic uint32_t about_to_wait; /* the round that it will wait for */
static uint64_t stored_ns;             /* before the store to word */
static double *times_ns;
static uint32_t rounds;

static void *wait_and_note(void *options) {
  load_pin(options, 0, LOAD_RUNS);
  for (uint32_t i = 0; i < rounds; i++) {
    atomic_store(&about_to_wait, i + 1);
    while (atomic_load(&word) == i) syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, i, NULL, NULL, 0);
    times_ns[i] = (double)(load_now_ns() - stored_ns);
  }
  return NULL;
}

int main(int argc, char **argv) {
  load_options options = load_read_options(argc, argv, (load_options){.wakes = 2000});
  rounds = options.wakes;
  times_ns = calloc(rounds, sizeof *times_ns);
  pthread_t waiter;
  if (times_ns == NULL || pthread_create(&waiter, NULL, wait_and_note, &options) != 0) return 1;
  load_pin(&options, 0, LOAD_POSTS);
  for (uint32_t i = 0; i < rounds; i++) {
    while (atomic_load(&about_to_wait) != i + 1) sched_yield();
    uint64_t settled_ns = load_now_ns() + SETTLE_NS;
    while (load_now_ns() < settled_ns) {
    }
    stored_ns = load_now_ns();
    atomic_store(&word, i + 1);
    syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
  }
  pthread_join(waiter, NULL);
  load_print_times("wake", times_ns, rounds);
  return 0;
}
