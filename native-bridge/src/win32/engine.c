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

static backend_capability later(const char *name, bool exported) {
  return (backend_capability){name, false,
      exported ? "this system has it, but this build of the library does not call it yet"
               : "this system does not export it, and this build of the library does not call it yet"};
}

uint32_t backend_capabilities(backend_capability *list, uint32_t capacity) {
  const win32_symbols *s = os_symbols();
  bool exact = os_knows_thread_states();
  const backend_capability all[] = {
      {"queueUserApc", true, NULL},
      {"sleepEx", true, NULL},
      later("queueUserApc2", s->has_queue_user_apc2),
      later("queueUserApc2.special", s->has_queue_user_apc2 && s->wine_version == NULL),
      later("ntQueueApcThread", s->has_nt_queue_apc_thread),
      later("ntQueueApcThreadEx", s->has_nt_queue_apc_thread_ex),
      later("ntTestAlert", s->has_nt_test_alert),
      {"awaitState.exact", exact,
          exact ? NULL
                : "this system reports no thread states, as Wine does not: blocked and alertable are inferred 20 ms "
                  "after the wait's call has begun"},
  };
  uint32_t count = sizeof all / sizeof all[0];
  if (count > capacity) count = capacity;
  for (uint32_t i = 0; i < count; i++) list[i] = all[i];
  return count;
}
