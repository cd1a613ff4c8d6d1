/*
 * thread_end.h: the end of a thread, told once and completely.
 *
 * In order, for every thread: threadEnded; then apcLost for every APC still in its queue (fact 114). On posix the
 * thread does both itself. On win32 it publishes threadEnded as its last act; what the kernel dropped is known only
 * when the thread is really gone, and a terminated thread says nothing at all: the sweep, on main and with main's ring,
 * tells the rest. It also tells what did not fit into the ring of the dying thread, a part at a time when there is much
 * of it.
 */
#ifndef APC_SRC_THREAD_END_H
#define APC_SRC_THREAD_END_H

#include "session.h"

/* The thread's own last act: counts the end, then publishes it. Never lost. Owner only. */
void thread_end_publish(lab_thread *t, apc_end_reason reason, uint32_t code);

/* Is threadEnded in the thread's ring? Exact once the thread is gone. */
bool thread_end_is_published(const lab_thread *t);

/* Publishes one APC as lost with the thread, by `teller`'s ring, and frees its node. False when it does not fit now. */
bool thread_end_tell_lost(lab_thread *teller, lab_thread *t, apc_node *node);

/* Says on `t`'s behalf that it ended, when it could not itself (terminated). The thread is gone. Whoever calls first
 * tells. */
void thread_end_tell(lab_thread *teller, lab_thread *t, apc_end_reason reason, uint32_t code);

/* Finishes what threads that are gone have left. Cheap when none is. Main. */
void thread_end_sweep(session *s);
bool thread_end_awaits_sweep(const session *s);

#endif
