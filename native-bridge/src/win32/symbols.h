/*
 * symbols.h: functions that not every Windows and no Wine 8.0 has, looked up once. A missing one is a capability that
 * the engine reports as absent, with the reason.
 */
#ifndef APC_SRC_WIN32_SYMBOLS_H
#define APC_SRC_WIN32_SYMBOLS_H

#include "win32.h"

typedef LONG(WINAPI *nt_query_system_information_fn)(ULONG class_, void *buffer, ULONG bytes, ULONG *needed);
typedef LONG(WINAPI *rtl_get_version_fn)(OSVERSIONINFOW *version);
typedef const char *(CDECL *wine_get_version_fn)(void);

typedef struct win32_symbols {
  bool has_queue_user_apc2;
  bool has_nt_queue_apc_thread;
  bool has_nt_queue_apc_thread_ex;
  bool has_nt_test_alert;
  nt_query_system_information_fn nt_query_system_information; /* may be NULL */
  rtl_get_version_fn rtl_get_version;                         /* may be NULL */
  const char *wine_version;                                   /* "8.0"; NULL on Windows */
} win32_symbols;

const win32_symbols *os_symbols(void);

/* Does NtQuerySystemInformation tell what a thread is doing? Wine 8.0 says 0 for all. */
static inline bool os_knows_thread_states(void) {
  return os_symbols()->wine_version == NULL && os_symbols()->nt_query_system_information != NULL;
}

#endif
