#include "doorbell.h"

#include "backend.h"
#include "error.h"
#include "session.h"

static void notifier_main(void *argument) {
  doorbell *d = argument;
  for (;;) {
    backend_event_wait(d->wake, APC_INFINITE);
    uint32_t expected = NOTIFIER_WAITING;
    if (!atomic_compare_exchange_strong(&d->notifier, &expected, NOTIFIER_RINGING)) return; /* stopping */
    uint32_t fired = DOORBELL_FIRED;
    if (atomic_compare_exchange_strong(&d->state, &fired, DOORBELL_IDLE)) d->bell(d->session);
    atomic_store(&d->notifier, NOTIFIER_WAITING);
  }
}

void doorbell_fire(doorbell *d) {
  uint32_t armed = DOORBELL_ARMED;
  if (atomic_compare_exchange_strong(&d->state, &armed, DOORBELL_FIRED)) backend_event_set(d->wake);
}

apc_error doorbell_start(doorbell *d, int32_t session, apc_doorbell bell) {
  d->bell = bell;
  d->session = session;
  atomic_store(&d->notifier, NOTIFIER_WAITING);
  d->wake = backend_event_create();
  if (d->wake == NULL) return APC_E_NO_MEMORY;
  d->helper = backend_helper_start(notifier_main, d);
  if (d->helper != NULL) return APC_OK;
  backend_event_free(d->wake);
  d->wake = NULL;
  return APC_E_SYSTEM;
}

apc_error doorbell_stop(doorbell *d) {
  if (d->helper == NULL) return APC_OK;
  uint32_t expected = NOTIFIER_WAITING;
  if (!atomic_compare_exchange_strong(&d->notifier, &expected, NOTIFIER_STOPPING)) return APC_E_BUSY;
  backend_event_set(d->wake);
  backend_helper_join(d->helper); /* it is in its wait, and leaves: microseconds */
  backend_event_free(d->wake);
  d->helper = NULL;
  d->wake = NULL;
  d->bell = NULL;
  atomic_store(&d->state, DOORBELL_IDLE);
  return APC_OK;
}

int32_t apc_set_doorbell(int32_t number, apc_doorbell bell) {
  session *s = session_find(number);
  if (s == NULL) return APC_E_BAD_SESSION;
  if (atomic_load(&s->doorbell.state) != DOORBELL_IDLE)
    return error_set(APC_E_STATE, "the doorbell is armed: it can be changed after it rang");
  apc_error error = doorbell_stop(&s->doorbell);
  if (error == APC_OK && bell != NULL) error = doorbell_start(&s->doorbell, number, bell);
  return error == APC_OK ? APC_OK : error_plain(error);
}

int32_t apc_arm_doorbell(int32_t number) {
  session *s = session_find(number);
  if (s == NULL) return APC_E_BAD_SESSION;
  if (s->doorbell.bell == NULL) return error_set(APC_E_STATE, "no doorbell is set");
  uint32_t idle = DOORBELL_IDLE;
  if (!atomic_compare_exchange_strong(&s->doorbell.state, &idle, DOORBELL_ARMED))
    return 0; /* armed, or about to ring */
  if (!drain_has_more(s)) return 0;
  /* Something came in between. Where a producer was faster, the bell rings, and that is as good. */
  uint32_t armed = DOORBELL_ARMED;
  return atomic_compare_exchange_strong(&s->doorbell.state, &armed, DOORBELL_IDLE) ? 1 : 0;
}
