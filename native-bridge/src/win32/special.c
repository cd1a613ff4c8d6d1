/*
 * special.c: special user APCs (facts 124..135). Windows lets them interrupt a thread's own code anywhere (fact 125),
 * so also in the middle of a record that it publishes. Where the thread stands in a wait it runs them at once: there is
 * nothing half done there. Anywhere else it keeps them until its next safe point: before its next step, or inside
 * `compute`, microseconds later.
 *
 * Written after the documentation; no machine here has them (fact 136: not even a Wine that exports the function).
 */
#include "deliver.h"

static void keep(lab_thread *t, apc_node *node) {
  os_thread *os = t->os;
  /* A loop, for another may interrupt this one. */
  apc_node *first = atomic_load(&os->specials);
  do node->next = first;
  while (!atomic_compare_exchange_weak(&os->specials, &first, node));
  atomic_fetch_or(&t->control, CONTROL_SPECIAL);
}

void os_deliver_specially(lab_thread *t, const os_arrival *arrival, DWORD last_error) {
  os_thread *os = t->os;
  if (atomic_load(&os->wait_kind) != 0 && !atomic_load(&os->in_listed_wait)) os_deliver(t, arrival, last_error);
  else keep(t, arrival->node);
}

/* In the order in which they came. */
static apc_node *take_all(os_thread *os) {
  apc_node *first = NULL;
  apc_node *left = atomic_exchange(&os->specials, NULL);
  while (left != NULL) {
    apc_node *next = left->next;
    left->next = first;
    first = left;
    left = next;
  }
  return first;
}

void os_run_specials(lab_thread *t) {
  atomic_fetch_and(&t->control, ~CONTROL_SPECIAL);
  apc_node *next;
  for (apc_node *node = take_all(t->os); node != NULL; node = next) {
    next = node->next;
    /* Nobody but this thread claims it. */
    os_run_arrival(
        t, &(os_arrival){.node = node, .generation = (uint32_t)APC_LIFE_GENERATION(atomic_load(&node->life))});
  }
}
