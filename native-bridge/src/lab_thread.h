/*
 * lab_thread.h: what a lab thread does, on whatever engine. The engine calls these on the thread itself; where one
 * returns false the thread is ending (backend.h).
 */
#ifndef APC_SRC_LAB_THREAD_H
#define APC_SRC_LAB_THREAD_H

#include "session.h"

/* Publishes threadStarted. The first thing on the new thread, before APCs queued earlier. */
void lab_thread_started(lab_thread *t);

/* Its routine, or the steps that a hand gives it, once those that start with the session have begun; true when it came
 * to the end. */
bool lab_thread_entry(lab_thread *t);

/* Runs one APC: apcBegan, the routine, apcEnded. Takes the node: it is free from the moment the APC begins. At the
 * nesting limit nothing begins, the thread ends, and `node` is left to the caller, who counts it among the undelivered.
 */
bool lab_thread_deliver(lab_thread *t, apc_node *node);
bool lab_thread_at_nesting_limit(const lab_thread *t);
/* Says why, and ends the thread. */
void lab_thread_end_by_nesting(lab_thread *t);

#endif
