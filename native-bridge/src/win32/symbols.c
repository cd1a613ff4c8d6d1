#include "symbols.h"

#include <string.h>

/* By way of memcpy: ISO C has no cast between function pointers of unlike types that compilers accept silently. */
#define LOOK_UP(module, name, into)                                                                                    \
  do {                                                                                                                 \
    FARPROC found_symbol = GetProcAddress(module, name);                                                               \
    memcpy(&(into), &found_symbol, sizeof found_symbol);                                                               \
  } while (0)

static win32_symbols symbols;

static BOOL CALLBACK look_up(INIT_ONCE *once, void *unused, void **context) {
  (void)once, (void)unused, (void)context;
  HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
  HMODULE kernel32 = GetModuleHandleW(L"kernel32.dll");
  symbols.has_queue_user_apc2 = GetProcAddress(kernel32, "QueueUserAPC2") != NULL;
  symbols.has_nt_queue_apc_thread = GetProcAddress(ntdll, "NtQueueApcThread") != NULL;
  symbols.has_nt_queue_apc_thread_ex = GetProcAddress(ntdll, "NtQueueApcThreadEx") != NULL;
  symbols.has_nt_test_alert = GetProcAddress(ntdll, "NtTestAlert") != NULL;
  LOOK_UP(ntdll, "NtQuerySystemInformation", symbols.nt_query_system_information);
  LOOK_UP(ntdll, "RtlGetVersion", symbols.rtl_get_version);
  wine_get_version_fn wine_get_version;
  LOOK_UP(ntdll, "wine_get_version", wine_get_version);
  if (wine_get_version != NULL) symbols.wine_version = wine_get_version();
  return TRUE;
}

const win32_symbols *os_symbols(void) {
  static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
  InitOnceExecuteOnce(&once, look_up, NULL, NULL);
  return &symbols;
}
