/* SPDX-License-Identifier: MIT */
/* Starts a child, waits for it with a deadline, ends it, and says how it went. */
#ifdef _WIN32

#include <stdio.h>

int main(void) {
  puts("SKIP: Windows starts processes by other means");
  return 0;
}

#else

#define _DEFAULT_SOURCE 1 /* fork and pause */
#define _DARWIN_C_SOURCE 1
#define __BSD_VISIBLE 1
#define __EXTENSIONS__ 1
#include <signal.h>
#include <sonde/sonde.h>
#include <stdio.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
  sonde *s = NULL;
  if (sonde_open(&s, NULL) != SONDE_OK) return 1;
  const pid_t pid = fork();
  if (pid < 0) {
    perror("fork");
    sonde_close(s);
    return 1;
  }
  if (pid == 0) {
    for (;;) (void)pause();
  }

  /* The handle stands for this process alone, even if its pid were given to another one. */
  sonde_process_handle *child = NULL;
  sonde_exit result = {0};
  sonde_status status = sonde_process_open(s, &child, pid);
  if (status == SONDE_OK) {
    status = sonde_process_wait(child, &result, SONDE_NSEC_PER_SEC / 100);
    printf("after 10 ms: %s\n", sonde_strerror(status));
    if (status == SONDE_ERR_TIMEOUT) status = sonde_process_terminate(child);
    if (status == SONDE_OK) status = sonde_process_wait(child, &result, 10 * SONDE_NSEC_PER_SEC);
    if (status == SONDE_OK && (result.valid & SONDE_EXIT_SIGNAL) != 0) {
      printf("ended by signal %d\n", (int)result.signal_number);
    }
  }
  if (status == SONDE_ERR_UNSUPPORTED) puts("SKIP: this system opens no processes");
  sonde_process_close(child);
  sonde_close(s);
  if (status == SONDE_OK) return 0;
  (void)kill(pid, SIGKILL);
  (void)waitpid(pid, NULL, 0);
  return status == SONDE_ERR_UNSUPPORTED ? 0 : 1;
}

#endif
