/* A condition variable with deadlines of backend_now_ns. */
#ifndef APC_SRC_POSIX_CONDITION_H
#define APC_SRC_POSIX_CONDITION_H

#include <pthread.h>
#include <stdint.h>

#define NO_DEADLINE UINT64_MAX

void condition_init(pthread_cond_t *condition);
/* May return early, as pthread_cond_wait may. */
void condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock, uint64_t deadline_ns);

#endif
