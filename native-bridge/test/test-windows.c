/*
 * Facts of semantics.md that no step can show, tried on Windows itself (or Wine) with its own functions: what the
 * engine's win32 side stands on. Not on posix: there is nothing to try.
 */
#include "check.h"

#define WIN32_LEAN_AND_MEAN
#include <winsock2.h>

#include <windows.h>

#include <stdint.h>
#include <winternl.h>

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

/* ---- fact 80 ---- */

#define SYNCHRONOUS_IO_ALERT 0x10u /* options of a file */
#define SYNCHRONOUS_IO_NONALERT 0x20u

typedef LONG(NTAPI *nt_create_named_pipe)(HANDLE *, ACCESS_MASK, OBJECT_ATTRIBUTES *, IO_STATUS_BLOCK *, ULONG share,
    ULONG disposition, ULONG options, ULONG type, ULONG read_mode, ULONG completion_mode, ULONG instances,
    ULONG in_quota, ULONG out_quota, LARGE_INTEGER *timeout);

/* A server's end whose synchronous calls wait as the options say. CreateNamedPipe cannot ask for SYNCHRONOUS_IO_ALERT.
 */
static HANDLE create_pipe(ULONG options) {
  static WCHAR path[] = L"\\??\\pipe\\alertable-fact-80";
  UNICODE_STRING name = {.Buffer = path, .Length = sizeof path - sizeof *path, .MaximumLength = sizeof path};
  OBJECT_ATTRIBUTES attributes = {.Length = sizeof attributes, .ObjectName = &name, .Attributes = OBJ_CASE_INSENSITIVE};
  nt_create_named_pipe create = (nt_create_named_pipe)native("NtCreateNamedPipeFile");
  LARGE_INTEGER timeout = {.QuadPart = -500000};
  IO_STATUS_BLOCK status;
  HANDLE pipe;
  LONG created = create(&pipe, GENERIC_READ | GENERIC_WRITE | SYNCHRONIZE, &attributes, &status,
      FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_CREATE, options, 0, 0, 0, 1, 64, 64, &timeout);
  CHECK_INT(created, 0);
  return pipe;
}

static HANDLE client;
static DWORD WINAPI connect_later(void *unused) {
  (void)unused;
  Sleep(300);
  client = CreateFileW(
      L"\\\\.\\pipe\\alertable-fact-80", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
  return client != INVALID_HANDLE_VALUE;
}

TEST(windows_fact_80_an_alertable_synchronous_call_is_cancelled_by_an_apc) {
  HANDLE pipe = create_pipe(SYNCHRONOUS_IO_ALERT);
  CHECK_INT(QueueUserAPC(count, GetCurrentThread(), 1), 1);
  CHECK_INT(ConnectNamedPipe(pipe, NULL), FALSE);
  CHECK_INT(GetLastError(), lab_on_wine() ? ERROR_USER_APC : ERROR_OPERATION_ABORTED); /* Wine: what the wait said */
  CHECK_INT(ran, 1);
  CloseHandle(pipe);
}

TEST(windows_fact_80_one_that_is_not_alertable_is_not) {
  HANDLE pipe = create_pipe(SYNCHRONOUS_IO_NONALERT);
  HANDLE thread = CreateThread(NULL, 0, connect_later, NULL, 0, NULL);
  CHECK_INT(QueueUserAPC(count, GetCurrentThread(), 1), 1);
  CHECK_INT(ConnectNamedPipe(pipe, NULL), TRUE);
  CHECK_INT(ran, 0);
  CHECK_INT(SleepEx(0, TRUE), WAIT_IO_COMPLETION);
  CHECK_INT(ran, 1);
  CHECK_INT(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
  CloseHandle(thread);
  CloseHandle(client);
  CloseHandle(pipe);
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

/* ---- fact 85 ---- */

static HANDLE event_seen;
static void CALLBACK on_read(DWORD error, DWORD bytes, OVERLAPPED *overlapped) {
  CHECK_INT(error, 0);
  CHECK_INT(bytes, 2);
  event_seen = overlapped->hEvent;
  InterlockedIncrement(&ran);
}

/* Two bytes of this program, with this for an event. */
static void read_with_event(HANDLE event) {
  WCHAR path[MAX_PATH];
  CHECK(GetModuleFileNameW(NULL, path, MAX_PATH) > 0);
  HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
  CHECK(file != INVALID_HANDLE_VALUE);
  OVERLAPPED overlapped = {.hEvent = event};
  char bytes[2];
  ran = 0;
  CHECK_INT(ReadFileEx(file, bytes, sizeof bytes, &overlapped, on_read), TRUE);
  CHECK_INT(SleepEx(5000, TRUE), WAIT_IO_COMPLETION);
  CHECK_INT(ran, 1);
  CHECK(event_seen == event);
  CHECK(memcmp(bytes, "MZ", 2) == 0);
  CloseHandle(file);
}

TEST(windows_fact_85_the_event_of_an_overlapped_is_ignored) {
  HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
  read_with_event(event);
  CHECK_INT(WaitForSingleObject(event, 0), WAIT_TIMEOUT); /* not set */
  SetEvent(event);
  read_with_event(event);
  CHECK_INT(WaitForSingleObject(event, 0), WAIT_OBJECT_0); /* nor reset */
  CloseHandle(event);
  read_with_event((HANDLE)(uintptr_t)42); /* the caller's to use for anything */
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

/* ---- fact 122 ---- */

static volatile LONG spins, may_go_on;

/* Runs code of its own until it is told to wait. Returns what the native wait does. */
static DWORD WINAPI spin_then_wait(void *unused) {
  (void)unused;
  LONG(NTAPI * delay)(BOOLEAN, LARGE_INTEGER *) = (LONG(NTAPI *)(BOOLEAN, LARGE_INTEGER *))native("NtDelayExecution");
  while (!may_go_on) InterlockedIncrement(&spins);
  LARGE_INTEGER tenth = {.QuadPart = -1000000};
  return (DWORD)delay(TRUE, &tenth);
}

TEST(windows_fact_122_alert_resume_lowers_the_count_and_alerts) {
  LONG(NTAPI * alert_resume)(HANDLE, ULONG *) = (LONG(NTAPI *)(HANDLE, ULONG *))native("NtAlertResumeThread");
  HANDLE thread = CreateThread(NULL, 0, spin_then_wait, NULL, 0, NULL);
  while (spins == 0) Sleep(1);
  CHECK_INT(SuspendThread(thread), 0);
  CHECK_INT(SuspendThread(thread), 1);
  ULONG before = 0;
  CHECK_INT(alert_resume(thread, &before), 0);
  CHECK_INT(before, 2);
  CHECK_INT(ResumeThread(thread), 1);
  InterlockedExchange(&may_go_on, 1);
  CHECK_INT(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
  DWORD status;
  CHECK(GetExitCodeThread(thread, &status));
  CHECK_INT(status, lab_on_wine() ? WAIT_TIMEOUT : 0x101); /* Wine resumes only (and says 0x102: fact 57) */
  CloseHandle(thread);
}

/* The one that goes by a thread's id is another: it wakes one kind of wait, and is no alert. */
TEST(windows_fact_122_an_alert_by_thread_id_is_another) {
  LONG(NTAPI * alert)(HANDLE) = (LONG(NTAPI *)(HANDLE))native("NtAlertThreadByThreadId");
  LONG(NTAPI * wait)
  (void *, LARGE_INTEGER *) = (LONG(NTAPI *)(void *, LARGE_INTEGER *))native("NtWaitForAlertByThreadId");
  LONG(NTAPI * test_alert)(void) = (LONG(NTAPI *)(void))native("NtTestAlert");
  LARGE_INTEGER tenth = {.QuadPart = -1000000};
  CHECK_INT(QueueUserAPC(count, GetCurrentThread(), 1), 1);
  CHECK_INT(alert((HANDLE)(uintptr_t)GetCurrentThreadId()), 0);
  CHECK_INT(wait(NULL, &tenth), 0x101);
  CHECK_INT(wait(NULL, &tenth), WAIT_TIMEOUT);
  CHECK_INT(ran, 0); /* no alertable wait either */
  CHECK_INT(alert((HANDLE)(uintptr_t)GetCurrentThreadId()), 0);
  CHECK_INT(test_alert(), 0); /* and it sees no alert */
  CHECK_INT(ran, 1);
  CHECK_INT(wait(NULL, &tenth), 0x101);
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
