/* native.c: NtDelayExecution, NtTestAlert, SwitchToThread. The native ones leave the last error alone; an APC that they
 * run may set it (fact 43). */
#include "../life.h"
#include "symbols.h"

/* Some three thousand years: what the native call has no word for, but for numbers that Wine and Windows read unlike.
 */
#define FOREVER ((int64_t)1 << 60)

bool backend_nt_delay(lab_thread *t, uint32_t milliseconds, bool alertable, uint32_t *result) {
  nt_delay_execution_fn delay = os_symbols()->nt_delay_execution;
  *result = NT_STATUS_PROCEDURE_NOT_FOUND;
  if (delay == NULL) return true;
  LARGE_INTEGER interval = {.QuadPart = milliseconds == APC_INFINITE ? -FOREVER : -(int64_t)milliseconds * 10000};
  os_wait_begins(t->os, alertable ? APC_STATE_ALERTABLE : APC_STATE_BLOCKED);
  SetLastError(t->last_error);
  *result = (uint32_t)delay(alertable, &interval);
  t->last_error = GetLastError();
  os_wait_ends(t->os);
  return true;
}

bool backend_nt_test_alert(lab_thread *t, uint32_t *result) {
  nt_test_alert_fn test = os_symbols()->nt_test_alert;
  *result = NT_STATUS_PROCEDURE_NOT_FOUND;
  if (test == NULL) return true;
  SetLastError(t->last_error);
  *result = (uint32_t)test();
  t->last_error = GetLastError();
  return true;
}

bool backend_switch_to_thread(lab_thread *t, uint32_t *result) {
  SetLastError(t->last_error);
  *result = SwitchToThread() ? 1 : 0;
  t->last_error = GetLastError();
  return true;
}
