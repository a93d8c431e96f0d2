/* SPDX-License-Identifier: MIT */
/*
 * child.c - the process that tests of the Windows backend look at, built with 32 and with 64 bits.
 *
 * Its command line, environment and directory mean nothing to it: they are the test's to choose. Orders come on
 * standard input, one per line, UTF-8; each is answered by one line, "ok", "ok ANSWER" or "error CALL CODE", on
 * standard output; the first line, "ok PID", comes unasked. It ends when standard input does.
 * tests/support/windows_child.h lists the orders.
 */
#define WIN32_LEAN_AND_MEAN
#define _WIN32_WINNT 0x0a00
#include <winsock2.h>
/* after winsock2.h */
#include <windows.h>
#include <ws2tcpip.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES 32768

static HANDLE own_input, own_output;

static bool write_all(const char *text, size_t len) {
  while (len > 0) {
    DWORD done = 0;
    if (!WriteFile(own_output, text, (DWORD)len, &done, NULL)) return false;
    text += done;
    len -= done;
  }
  return true;
}

static void answer(const char *text) {
  if (!write_all(text, strlen(text)) || !write_all("\n", 1)) ExitProcess(3);
}

static void answer_number(unsigned long long number) {
  char text[40];
  snprintf(text, sizeof text, "ok %llu", number);
  answer(text);
}

static void answer_failure(const char *call, unsigned long code) {
  char text[120];
  snprintf(text, sizeof text, "error %s %lu", call, code);
  answer(text);
}

static void answer_handle(const char *call, HANDLE handle) {
  if (handle == NULL || handle == INVALID_HANDLE_VALUE) {
    answer_failure(call, GetLastError());
  } else {
    answer_number((unsigned long long)(ULONG_PTR)handle);
  }
}

/* UTF-16 code units as four digits each: unpaired ones stay what they are. */
static void answer_wide(const wchar_t *text, size_t len) {
  char *const hex = malloc(len * 4 + 1);
  if (hex == NULL) ExitProcess(3);
  for (size_t i = 0; i < len; i++) snprintf(hex + i * 4, 5, "%04x", (unsigned)text[i]);
  hex[len * 4] = '\0';
  if (!write_all("ok ", 3)) ExitProcess(3);
  answer(hex);
  free(hex);
}

static wchar_t *widened(const char *text) {
  static wchar_t wide[LINE_MAX_BYTES];
  if (MultiByteToWideChar(CP_UTF8, 0, text, -1, wide, LINE_MAX_BYTES) == 0) wide[0] = L'\0';
  return wide;
}

static volatile bool spinning = true;

static DWORD WINAPI spin(void *unused) {
  (void)unused;
  while (spinning) {
  }
  return 0;
}

static DWORD WINAPI wait_for_ever(void *unused) {
  (void)unused;
  Sleep(INFINITE);
  return 0;
}

static DWORD WINAPI read_for_ever(void *handle) {
  char byte;
  DWORD done;
  ReadFile(handle, &byte, 1, &done, NULL);
  return 0;
}

static void start_threads(LPTHREAD_START_ROUTINE body, unsigned long count) {
  for (unsigned long i = 0; i < count; i++) {
    if (CreateThread(NULL, 0, body, NULL, 0, NULL) == NULL) {
      answer_failure("CreateThread", GetLastError());
      return;
    }
  }
  answer("ok");
}

/* The client's end of a pipe on which a thread of this process is blocked: whoever asks such a handle for its name may
 * be blocked, too. */
static void block_on_pipe(const char *name) {
  wchar_t path[300];
  swprintf(path, sizeof path / sizeof path[0], L"\\\\.\\pipe\\%ls", widened(name));
  const HANDLE server = CreateNamedPipeW(path, PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE | PIPE_WAIT, 1, 512, 512, 0, NULL);
  if (server == INVALID_HANDLE_VALUE) {
    answer_failure("CreateNamedPipeW", GetLastError());
    return;
  }
  const HANDLE client = CreateFileW(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
  if (client == INVALID_HANDLE_VALUE || CreateThread(NULL, 0, read_for_ever, client, 0, NULL) == NULL) {
    answer_failure("CreateFileW", GetLastError());
    return;
  }
  Sleep(50); /* it reads, or soon will */
  answer_number((unsigned long long)(ULONG_PTR)client);
}

static void start_sockets(void) {
  static bool started;
  WSADATA data;
  if (!started && WSAStartup(MAKEWORD(2, 2), &data) != 0) ExitProcess(4);
  started = true;
}

/* kind: tcp4, tcp6, udp4, udp6; a port of the system's choice, or for "connect" that of a listener. */
static void open_socket(const char *kind, unsigned short peer) {
  start_sockets();
  const bool tcp = strncmp(kind, "tcp", 3) == 0, six = strlen(kind) == 4 && kind[3] == '6';
  union {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
  } address;
  memset(&address, 0, sizeof address);
  int len = (int)(six ? sizeof address.v6 : sizeof address.v4);
  if (six) {
    address.v6.sin6_family = AF_INET6;
    address.v6.sin6_addr.s6_addr[15] = 1;
    address.v6.sin6_port = htons(peer);
  } else {
    address.v4.sin_family = AF_INET;
    address.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.v4.sin_port = htons(peer);
  }
  const SOCKET made = socket(six ? AF_INET6 : AF_INET, tcp ? SOCK_STREAM : SOCK_DGRAM, 0);
  if (made == INVALID_SOCKET) {
    answer_failure("socket", (unsigned long)WSAGetLastError());
  } else if (peer == 0 ? bind(made, &address.any, len) != 0 : connect(made, &address.any, len) != 0) {
    answer_failure(peer == 0 ? "bind" : "connect", (unsigned long)WSAGetLastError());
  } else if (tcp && peer == 0 && listen(made, 5) != 0) {
    answer_failure("listen", (unsigned long)WSAGetLastError());
  } else if (getsockname(made, &address.any, &len) != 0) {
    answer_failure("getsockname", (unsigned long)WSAGetLastError());
  } else {
    answer_number(ntohs(six ? address.v6.sin6_port : address.v4.sin_port));
  }
}

static void allocate(unsigned long long bytes) {
  char *const memory = VirtualAlloc(NULL, (SIZE_T)bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
  if (memory == NULL) {
    answer_failure("VirtualAlloc", GetLastError());
    return;
  }
  for (unsigned long long at = 0; at < bytes; at += 4096) memory[at] = 1;
  answer_number((unsigned long long)(ULONG_PTR)memory);
}

static void map_file(const char *path) {
  const HANDLE file = CreateFileW(widened(path), GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
  const HANDLE mapping =
      file == INVALID_HANDLE_VALUE ? NULL : CreateFileMappingW(file, NULL, PAGE_READONLY, 0, 0, NULL);
  void *const view = mapping == NULL ? NULL : MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
  answer_handle("MapViewOfFile", view);
}

static void write_file(const char *path, unsigned long long bytes) {
  static const char block[4096];
  const HANDLE file = CreateFileW(widened(path), GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS, 0, NULL);
  if (file == INVALID_HANDLE_VALUE) {
    answer_failure("CreateFileW", GetLastError());
    return;
  }
  while (bytes > 0) {
    const DWORD part = bytes < sizeof block ? (DWORD)bytes : (DWORD)sizeof block;
    DWORD done = 0;
    if (!WriteFile(file, block, part, &done, NULL)) break;
    bytes -= done;
  }
  answer_handle("CreateFileW", file);
}

/* A process of the same program, which ends with this one: it reads from a pipe that only this one writes to. */
static void start_child(void) {
  SECURITY_ATTRIBUTES inherit = {.nLength = sizeof inherit, .bInheritHandle = TRUE};
  STARTUPINFOW start = {.cb = sizeof start, .dwFlags = STARTF_USESTDHANDLES};
  PROCESS_INFORMATION made;
  wchar_t image[1024];
  HANDLE writer, reader;
  if (!CreatePipe(&start.hStdInput, &writer, &inherit, 0) || !CreatePipe(&reader, &start.hStdOutput, &inherit, 0) ||
      !SetHandleInformation(writer, HANDLE_FLAG_INHERIT, 0) || !SetHandleInformation(reader, HANDLE_FLAG_INHERIT, 0)) {
    answer_failure("CreatePipe", GetLastError());
    return;
  }
  start.hStdError = GetStdHandle(STD_ERROR_HANDLE);
  GetModuleFileNameW(NULL, image, sizeof image / sizeof image[0]);
  if (!CreateProcessW(image, NULL, NULL, NULL, TRUE, 0, NULL, NULL, &start, &made)) {
    answer_failure("CreateProcessW", GetLastError());
    return;
  }
  CloseHandle(start.hStdInput);
  CloseHandle(start.hStdOutput);
  char byte;
  DWORD done;
  while (ReadFile(reader, &byte, 1, &done, NULL) && done == 1 && byte != '\n') {
  }
  answer_number(made.dwProcessId);
}

static void tell(const char *what) {
  wchar_t text[LINE_MAX_BYTES];
  if (strcmp(what, "command_line") == 0) {
    const wchar_t *const line = GetCommandLineW();
    answer_wide(line, wcslen(line));
  } else if (strcmp(what, "directory") == 0) {
    answer_wide(text, GetCurrentDirectoryW(LINE_MAX_BYTES, text));
  } else if (strcmp(what, "image") == 0) {
    answer_wide(text, GetModuleFileNameW(NULL, text, LINE_MAX_BYTES));
  } else if (strcmp(what, "environment") == 0) {
    wchar_t *const block = GetEnvironmentStringsW();
    size_t len = 0;
    while (block[len] != L'\0') len += wcslen(block + len) + 1;
    answer_wide(block, len);
    FreeEnvironmentStringsW(block);
  } else {
    answer_failure(what, ERROR_INVALID_PARAMETER);
  }
}

static void obey(char *line) {
  char *const blank = strchr(line, ' ');
  const char *const rest = blank == NULL ? "" : blank + 1;
  if (blank != NULL) *blank = '\0';
  const unsigned long long number = strtoull(rest, NULL, 10);
  if (strcmp(line, "spin") == 0) {
    start_threads(spin, number == 0 ? 1 : (unsigned long)number);
  } else if (strcmp(line, "threads") == 0) {
    start_threads(wait_for_ever, (unsigned long)number);
  } else if (strcmp(line, "file") == 0) {
    answer_handle("CreateFileW", CreateFileW(widened(rest), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                                             OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL));
  } else if (strcmp(line, "write") == 0) { /* BYTES PATH */
    const char *const path = strchr(rest, ' ');
    write_file(path == NULL ? "" : path + 1, number);
  } else if (strcmp(line, "map") == 0) {
    map_file(rest);
  } else if (strcmp(line, "load") == 0) {
    answer_handle("LoadLibraryW", (HANDLE)(void *)LoadLibraryW(widened(rest)));
  } else if (strcmp(line, "pipe") == 0) {
    block_on_pipe(rest);
  } else if (strcmp(line, "open") == 0) {
    open_socket(rest, 0);
  } else if (strcmp(line, "connect") == 0) { /* PORT, of a listener on 127.0.0.1 */
    open_socket("tcp4", (unsigned short)number);
  } else if (strcmp(line, "allocate") == 0) {
    allocate(number);
  } else if (strcmp(line, "event") == 0) {
    answer_handle("CreateEventW", CreateEventW(NULL, TRUE, FALSE, *rest == '\0' ? NULL : widened(rest)));
  } else if (strcmp(line, "close") == 0) {
    answer(CloseHandle((HANDLE)(ULONG_PTR)number) ? "ok" : "error CloseHandle 6");
  } else if (strcmp(line, "child") == 0) {
    start_child();
  } else if (strcmp(line, "tell") == 0) {
    tell(rest);
  } else if (strcmp(line, "exit") == 0) {
    answer("ok");
    ExitProcess((UINT)number);
  } else {
    answer_failure(line, ERROR_INVALID_FUNCTION);
  }
}

int main(void) {
  static char line[LINE_MAX_BYTES];
  size_t len = 0;
  own_input = GetStdHandle(STD_INPUT_HANDLE);
  own_output = GetStdHandle(STD_OUTPUT_HANDLE);
  answer_number(GetCurrentProcessId());
  for (;;) {
    char byte;
    DWORD done = 0;
    if (!ReadFile(own_input, &byte, 1, &done, NULL) || done == 0) ExitProcess(0);
    if (byte != '\n') {
      if (len + 1 < sizeof line) line[len++] = byte;
      continue;
    }
    line[len] = '\0';
    len = 0;
    obey(line);
  }
}
