/* SPDX-License-Identifier: MIT */
/* Stands in for libFuzzer, with any compiler and on any target: gives each file of a corpus to its fuzz target.
 *   one target (REPLAY_ONE):  <stem>_fuzz [-option...] FILE-OR-FOLDER...
 *   all targets:              replay_all CORPORA         each target gets the folder CORPORA/<stem>, if any */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef int target_function(const uint8_t *data, size_t size);

struct target {
  const char *stem;
  target_function *run;
};

#ifdef REPLAY_ONE
target_function LLVMFuzzerTestOneInput;
static const struct target the_target = {"replay", LLVMFuzzerTestOneInput};
#else
#define REPLAY(stem) target_function sondei_fuzz_##stem;
#include "fuzz/replay_targets.inc"
#undef REPLAY
#define REPLAY(stem) {#stem, sondei_fuzz_##stem},
static const struct target targets[] = {
#include "fuzz/replay_targets.inc"
    {NULL, NULL}};
#endif

static unsigned long num_inputs;

static void fail(const char *what, const char *path) {
  fprintf(stderr, "replay: %s: %s\n", path, what);
  exit(1);
}

static void replay_file(const struct target *target, const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) fail("cannot be read", path);
  const long size = ftell(file);
  if (size < 0 || fseek(file, 0, SEEK_SET) != 0) fail("cannot be read", path);

  /* A block of the exact size, so that a sanitizer or valgrind sees the first byte read beyond it. */
  uint8_t *data = malloc((size_t)size);
  if (size > 0 && (data == NULL || fread(data, 1, (size_t)size, file) != (size_t)size)) fail("cannot be read", path);
  fclose(file);

  printf("%s: %s\n", target->stem, path);
  fflush(stdout);
  target->run(data, (size_t)size);
  free(data);
  ++num_inputs;
}

static void replay_path(const struct target *target, const char *path) {
  struct stat info;
  if (stat(path, &info) != 0) fail("is not there", path);
  if (!S_ISDIR(info.st_mode)) {
    replay_file(target, path);
    return;
  }
  DIR *folder = opendir(path);
  if (folder == NULL) fail("cannot be opened", path);
  for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
    if (entry->d_name[0] == '.') continue;
    const size_t room = strlen(path) + strlen(entry->d_name) + 2;
    char *inner = malloc(room);
    if (inner == NULL) fail("no memory", path);
    snprintf(inner, room, "%s/%s", path, entry->d_name);
    replay_path(target, inner);
    free(inner);
  }
  closedir(folder);
}

#ifdef REPLAY_ONE
static void replay_argument(const char *path) { replay_path(&the_target, path); }
#else
static void replay_argument(const char *corpora) {
  for (const struct target *target = targets; target->stem != NULL; ++target) {
    const size_t room = strlen(corpora) + strlen(target->stem) + 2;
    char *path = malloc(room);
    if (path == NULL) fail("no memory", corpora);
    snprintf(path, room, "%s/%s", corpora, target->stem);
    struct stat info;
    if (stat(path, &info) == 0) replay_path(target, path);
    free(path);
  }
}
#endif

int main(int argc, char **argv) {
  for (int i = 1; i < argc; ++i) {
    if (argv[i][0] != '-') replay_argument(argv[i]);
  }
  printf("replayed %lu inputs\n", num_inputs);
  return 0;
}
