/* What this engine is and can do. */
#include <stdio.h>

#include "symbols.h"

const char backend_name[] = "win32";
const bool backend_loses_exactly = false;

void backend_label(char *text, uint32_t capacity) {
  const char *wine = os_symbols()->wine_version;
  if (wine == NULL) {
    snprintf(text, capacity, "win32");
    return;
  }
  /* "8.0 (Debian 8.0~repack-4)" is shown as 8.0 */
  int length = 0;
  while (wine[length] != 0 && wine[length] != ' ') length++;
  snprintf(text, capacity, "win32 on Wine %.*s", length, wine);
}

void backend_system(char *text, uint32_t capacity) {
  const win32_symbols *s = os_symbols();
  OSVERSIONINFOW version = {.dwOSVersionInfoSize = sizeof version};
  if (s->rtl_get_version == NULL || s->rtl_get_version(&version) != 0) {
    snprintf(text, capacity, "Windows");
    return;
  }
  snprintf(text, capacity, "Windows %lu.%lu.%lu%s%s%s", version.dwMajorVersion, version.dwMinorVersion,
      version.dwBuildNumber, s->wine_version != NULL ? " (Wine " : "", s->wine_version != NULL ? s->wine_version : "",
      s->wine_version != NULL ? ")" : "");
}

static backend_capability capability(const char *name, bool present, const char *reason) {
  return (backend_capability){name, present, present ? NULL : reason};
}

#define NOT_EXPORTED "this system does not export it"
#define SPECIAL_BUILD 17763u /* Windows 10 1809 */
#define WINE_SPECIAL "Wine treats a special APC as a regular one"
#define OLD_SPECIAL "special APCs came with Windows 10 build 17763"

/* What is missing for special APCs by a function that is there or not. */
static const char *special_reason(bool exported) {
  if (!exported) return NOT_EXPORTED;
  if (os_symbols()->wine_version != NULL) return WINE_SPECIAL;
  return os_symbols()->build < SPECIAL_BUILD ? OLD_SPECIAL : NULL;
}

uint32_t backend_capabilities(backend_capability *list, uint32_t capacity) {
  const win32_symbols *s = os_symbols();
  bool queue2 = s->queue_user_apc2 != NULL;
  bool queue_ex = s->nt_queue_apc_thread_ex != NULL;
  const char *special2 = special_reason(queue2);
  const char *special_ex = special_reason(queue_ex);
  const backend_capability all[] = {
      {"queueUserApc", true, NULL},
      {"sleepEx", true, NULL},
      capability("queueUserApc2", queue2, NOT_EXPORTED),
      capability("queueUserApc2.special", special2 == NULL, special2),
      capability("queueUserApc2.callbackDataContext", queue2, NOT_EXPORTED),
      capability("ntQueueApcThread", s->nt_queue_apc_thread != NULL, NOT_EXPORTED),
      capability("ntQueueApcThreadEx", queue_ex, NOT_EXPORTED),
      capability("ntQueueApcThreadEx.special", special_ex == NULL, special_ex),
      capability("ntQueueApcThreadEx.reserve", queue_ex && s->nt_allocate_reserve_object != NULL,
          "this system exports no NtAllocateReserveObject, or no function that takes what it makes"),
      capability("ntTestAlert", s->nt_test_alert != NULL, NOT_EXPORTED),
      capability("awaitState.exact", os_knows_thread_states(),
          "this system reports no thread states, as Wine does not: blocked and alertable are inferred 20 ms after the "
          "wait's call has begun"),
  };
  uint32_t count = sizeof all / sizeof all[0];
  if (count > capacity) count = capacity;
  for (uint32_t i = 0; i < count; i++) list[i] = all[i];
  return count;
}
