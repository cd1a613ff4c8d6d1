/*
 * doorbell.h: wakes a pump that has gone to sleep.
 *
 *   IDLE --apc_arm_doorbell--> ARMED --first publish--> FIRED --notifier thread--> the callback, IDLE again
 *
 * No wake-up is lost: a producer stores its tail and then loads `state`; the arming side stores `state` and then loads
 * the tails; all four are sequentially consistent, so at least one of the two sees the other. Of many producers one
 * wins the exchange from ARMED to FIRED and makes the one system call.
 *
 * The callback may block for as long as the caller's event loop does not turn, so nothing ever waits for the notifier
 * while it is in there: doorbell_stop says no instead.
 */
#ifndef APC_SRC_DOORBELL_H
#define APC_SRC_DOORBELL_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "apc.h"

struct backend_event;
struct backend_helper;

typedef enum doorbell_state { DOORBELL_IDLE = 0, DOORBELL_ARMED = 1, DOORBELL_FIRED = 2 } doorbell_state;
typedef enum notifier_state { NOTIFIER_WAITING = 0, NOTIFIER_RINGING = 1, NOTIFIER_STOPPING = 2 } notifier_state;

typedef struct doorbell {
  alignas(64) _Atomic uint32_t state;    /* doorbell_state; any. Read by every publish, seldom written. */
  alignas(64) _Atomic uint32_t notifier; /* notifier_state */
  apc_doorbell bell;                     /* main, while there is no notifier */
  int32_t session;
  struct backend_event *wake;
  struct backend_helper *helper;
} doorbell;

/* Starts the notifier with this callback. Main. */
apc_error doorbell_start(doorbell *d, int32_t session, apc_doorbell bell);
/* Ends it; APC_E_BUSY while it is inside the callback. Main. */
apc_error doorbell_stop(doorbell *d);

/* The slow half of doorbell_touch. */
void doorbell_fire(doorbell *d);

/* Behind every publish. */
static inline void doorbell_touch(doorbell *d) {
  if (atomic_load_explicit(&d->state, memory_order_seq_cst) == DOORBELL_ARMED) doorbell_fire(d);
}

#endif
