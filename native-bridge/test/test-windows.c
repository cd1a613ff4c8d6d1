/*
 * Facts of semantics.md that no step can show, tried on Windows itself (or Wine) with its own functions: what the
 * engine's win32 side stands on. Not on posix: there is nothing to try.
 */
#include "check.h"

#define WIN32_LEAN_AND_MEAN
#include <winsock2.h>

#include <windows.h>

#include <stdint.h>

#include "lab.h"

#define STATUS_NOT_IMPLEMENTED_HERE ((LONG)0xC0000002)

typedef LONG(NTAPI *nt_queue_apc_thread)(HANDLE, void *, void *, void *, void *);
typedef LONG(NTAPI *nt_continue)(CONTEXT *, BOOLEAN);
typedef LONG(NTAPI *nt_alert_thread)(HANDLE);

/* Through uintptr_t: the compiler warns of casts between function types that it cannot check. */
static uintptr_t native(const char *name) { return (uintptr_t)GetProcAddress(GetModuleHandleA("ntdll.dll"), name); }

static volatile LONG ran;
static void CALLBACK count(ULONG_PTR by) { InterlockedExchangeAdd(&ran, (LONG)by); }

/* ---- fact 10 ---- */

static volatile LONG crashed_at_null;

static LONG CALLBACK on_exception(EXCEPTION_POINTERS *e) {
  if (e->ExceptionRecord->ExceptionCode != EXCEPTION_ACCESS_VIOLATION || e->ContextRecord->Rip != 0)
    return EXCEPTION_CONTINUE_SEARCH;
  InterlockedExchange(&crashed_at_null, 1);
  ExitThread(7);
}

static DWORD WINAPI sleep_alertably(void *unused) {
  (void)unused;
  return SleepEx(5000, TRUE);
}

TEST(windows_fact_10_a_null_function_is_accepted_and_crashes) {
  void *handler = AddVectoredExceptionHandler(1, on_exception);
  HANDLE thread = CreateThread(NULL, 0, sleep_alertably, NULL, 0, NULL);
  CHECK_INT(QueueUserAPC(NULL, thread, 0), 1);
  CHECK_INT(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
  CHECK_INT(crashed_at_null, 1);
  CloseHandle(thread);
  RemoveVectoredExceptionHandler(handler);
}

/* ---- fact 16 ---- */

static DWORD64 rax_seen;

static void NTAPI look_at_context(void *a, void *b, void *c, CONTEXT *interrupted) {
  CHECK_INT((intptr_t)a, 1);
  CHECK_INT((intptr_t)b, 2);
  CHECK_INT((intptr_t)c, 3);
  rax_seen = interrupted->Rax;
}

TEST(windows_fact_16_the_interrupted_context_is_a_fourth_argument) {
  nt_queue_apc_thread queue = (nt_queue_apc_thread)native("NtQueueApcThread");
  LONG status = queue(GetCurrentThread(), (void *)(uintptr_t)look_at_context, (void *)1, (void *)2, (void *)3);
  CHECK_INT(status, 0);
  CHECK_INT(SleepEx(0, TRUE), WAIT_IO_COMPLETION);
  CHECK_INT(rax_seen, 0xC0);
}

/* ---- fact 20 ---- */

static char order[8];
static volatile LONG places;
static void note(char what) { order[InterlockedIncrement(&places) - 1] = what; }

static DWORD observed_thread;
static void NTAPI on_thread_attach(void *module, DWORD reason, void *reserved) {
  (void)module, (void)reserved;
  if (reason == DLL_THREAD_ATTACH && GetCurrentThreadId() == observed_thread) note('T');
}
#if defined(__GNUC__)
__attribute__((section(".CRT$XLF"), used)) PIMAGE_TLS_CALLBACK tls_callback = on_thread_attach;
#endif

static void CALLBACK note_apc(ULONG_PTR unused) {
  (void)unused;
  note('A');
}
static DWORD WINAPI note_entry(void *unused) {
  (void)unused;
  note('E');
  return 0;
}

TEST(windows_fact_20_attach_then_apcs_then_entry) {
  HANDLE thread = CreateThread(NULL, 0, note_entry, NULL, CREATE_SUSPENDED, &observed_thread);
  CHECK_INT(QueueUserAPC(note_apc, thread, 0), 1);
  ResumeThread(thread);
  CHECK_INT(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
  CHECK_TEXT(order, "TAE");
  CloseHandle(thread);
}

/* ---- facts 81, 82 ---- */

typedef struct winsock {
  int(WSAAPI *startup)(WORD, WSADATA *);
  SOCKET(WSAAPI *socket)(int, int, int);
  int(WSAAPI *select)(int, fd_set *, fd_set *, fd_set *, const struct timeval *);
  int(WSAAPI *closesocket)(SOCKET);
} winsock;

static winsock load_winsock(void) {
  HMODULE library = LoadLibraryA("ws2_32.dll");
  WSADATA data;
  winsock w = {.startup = (int(WSAAPI *)(WORD, WSADATA *))(uintptr_t)GetProcAddress(library, "WSAStartup"),
      .socket = (SOCKET(WSAAPI *)(int, int, int))(uintptr_t)GetProcAddress(library, "socket"),
      .select = (int(WSAAPI *)(int, fd_set *, fd_set *, fd_set *, const struct timeval *))(uintptr_t)GetProcAddress(
          library, "select"),
      .closesocket = (int(WSAAPI *)(SOCKET))(uintptr_t)GetProcAddress(library, "closesocket")};
  CHECK_INT(w.startup(MAKEWORD(2, 2), &data), 0);
  return w;
}

TEST(windows_fact_81_select_runs_the_apc_and_waits_on) {
  winsock w = load_winsock();
  SOCKET idle = w.socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
  CHECK(idle != INVALID_SOCKET);
  CHECK_INT(QueueUserAPC(count, GetCurrentThread(), 1), 1);
  fd_set readable = {.fd_count = 1, .fd_array = {idle}};
  const struct timeval limit = {.tv_usec = 150000};
  ULONGLONG began = GetTickCount64();
  CHECK_INT(w.select(0, &readable, NULL, NULL, &limit), 0);
  CHECK(GetTickCount64() - began >= 100);
  CHECK_INT(ran, 1);
  w.closesocket(idle);
}

TEST(windows_fact_82_select_that_can_return_at_once_runs_none) {
  winsock w = load_winsock();
  SOCKET socket = w.socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
  CHECK(socket != INVALID_SOCKET);
  CHECK_INT(QueueUserAPC(count, GetCurrentThread(), 1), 1);
  fd_set writable = {.fd_count = 1, .fd_array = {socket}};
  const struct timeval limit = {.tv_sec = 5};
  CHECK_INT(w.select(0, NULL, &writable, NULL, &limit), 1);
  CHECK_INT(ran, 0);
  CHECK_INT(SleepEx(0, TRUE), WAIT_IO_COMPLETION);
  CHECK_INT(ran, 1);
  w.closesocket(socket);
}

/* ---- facts 119..121 ---- */

TEST(windows_fact_119_an_alert_ends_the_wait_and_runs_no_apc) {
  nt_alert_thread alert = (nt_alert_thread)native("NtAlertThread");
  LONG(NTAPI * test_alert)(void) = (LONG(NTAPI *)(void))native("NtTestAlert");
  LONG status = alert(GetCurrentThread());
  if (lab_on_wine()) { /* it has the function and does nothing in it */
    CHECK_INT(status, STATUS_NOT_IMPLEMENTED_HERE);
    CHECK_INT(test_alert(), 0);
    return;
  }
  CHECK_INT(status, 0);
  CHECK_INT(QueueUserAPC(count, GetCurrentThread(), 1), 1);
  CHECK_INT(test_alert(), 0x101); /* the alert wins (fact 120) */
  CHECK_INT(ran, 0);
  CHECK_INT(test_alert(), 0);
  CHECK_INT(ran, 1);
}

/* ---- fact 123 ---- */

/* Comes back to where the context was captured. Returns how many APCs ran on the way. */
static LONG continue_here(BOOLEAN test_alert) {
  static volatile LONG passes;
  nt_continue go_on = (nt_continue)native("NtContinue");
  CONTEXT context;
  passes = 0;
  ran = 0;
  RtlCaptureContext(&context);
  if (passes++ == 0) go_on(&context, test_alert);
  return ran;
}

TEST(windows_fact_123_nt_continue_with_and_without_test_alert) {
  CHECK_INT(QueueUserAPC(count, GetCurrentThread(), 1), 1);
  CHECK_INT(continue_here(FALSE), 0);
  CHECK_INT(continue_here(TRUE), 1);
}
