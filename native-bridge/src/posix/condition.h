/* A condition variable with deadlines of backend_now_ns, and a lock that is worth a second look. */
#ifndef APC_SRC_POSIX_CONDITION_H
#define APC_SRC_POSIX_CONDITION_H

#include <pthread.h>
#include <stdint.h>

#define NO_DEADLINE UINT64_MAX

/* Locks what nobody holds for long: looks again for a microsecond or two before it blocks in the system. */
void lock_briefly(pthread_mutex_t *lock);

void condition_init(pthread_cond_t *condition);
/* May return early, as pthread_cond_wait may. */
void condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock, uint64_t deadline_ns);

#endif
