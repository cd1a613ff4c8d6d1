#include "condition.h"

#include <time.h>

#include "../backend.h"

/* Sixty-three rests in all. */
#define LOOKS 6u

static inline void rest(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

void lock_briefly(pthread_mutex_t *lock) {
  for (uint32_t look = 0; look < LOOKS; look++) {
    if (pthread_mutex_trylock(lock) == 0) return;
    for (uint32_t i = 0; i < 1u << look; i++) rest();
  }
  pthread_mutex_lock(lock);
}

static struct timespec as_timespec(uint64_t ns) {
  return (struct timespec){.tv_sec = (time_t)(ns / 1000000000u), .tv_nsec = (long)(ns % 1000000000u)};
}

#if defined(__APPLE__)
/* Darwin's condition variables know no monotonic deadline, but a relative one. */
void condition_init(pthread_cond_t *condition) { pthread_cond_init(condition, NULL); }

static void wait_until(pthread_cond_t *condition, pthread_mutex_t *lock, uint64_t deadline_ns) {
  uint64_t now = backend_now_ns();
  struct timespec left = as_timespec(deadline_ns > now ? deadline_ns - now : 0);
  pthread_cond_timedwait_relative_np(condition, lock, &left);
}
#else
void condition_init(pthread_cond_t *condition) {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(condition, &attributes);
  pthread_condattr_destroy(&attributes);
}

static void wait_until(pthread_cond_t *condition, pthread_mutex_t *lock, uint64_t deadline_ns) {
  struct timespec until = as_timespec(deadline_ns);
  pthread_cond_timedwait(condition, lock, &until);
}
#endif

void condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock, uint64_t deadline_ns) {
  if (deadline_ns == NO_DEADLINE) pthread_cond_wait(condition, lock);
  else wait_until(condition, lock, deadline_ns);
}
