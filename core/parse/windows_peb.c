/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_peb.h"

enum {
  NORMALIZED = 1 /* of the flags: the pointers are addresses */
};

struct offsets {
  size_t parameters, directory, image, command, environment, environment_size;
};

static const struct offsets *offsets_of(size_t pointer_size) {
  static const struct offsets narrow = {
      SONDEI_WINDOWS_PEB32_PARAMETERS,         SONDEI_WINDOWS_PARAMETERS32_DIRECTORY,
      SONDEI_WINDOWS_PARAMETERS32_IMAGE,       SONDEI_WINDOWS_PARAMETERS32_COMMAND,
      SONDEI_WINDOWS_PARAMETERS32_ENVIRONMENT, SONDEI_WINDOWS_PARAMETERS32_ENVIRONMENT_SIZE,
  };
  static const struct offsets wide = {
      SONDEI_WINDOWS_PEB64_PARAMETERS,         SONDEI_WINDOWS_PARAMETERS64_DIRECTORY,
      SONDEI_WINDOWS_PARAMETERS64_IMAGE,       SONDEI_WINDOWS_PARAMETERS64_COMMAND,
      SONDEI_WINDOWS_PARAMETERS64_ENVIRONMENT, SONDEI_WINDOWS_PARAMETERS64_ENVIRONMENT_SIZE,
  };
  return pointer_size == 8 ? &wide : &narrow;
}

size_t sondei_windows_peb_size(size_t pointer_size) { return offsets_of(pointer_size)->parameters + pointer_size; }

size_t sondei_windows_parameters_size(size_t pointer_size) {
  return offsets_of(pointer_size)->environment_size + pointer_size;
}

static sonde_status fail(sondei_parse_error *err, size_t position, const char *expected) {
  err->position = position;
  err->expected = expected;
  return SONDE_ERR_PARSE;
}

sonde_status sondei_windows_parse_peb(uint64_t *out, sondei_parse_error *err, const struct sondei_windows_block *in) {
  const size_t offset = offsets_of(in->pointer_size)->parameters;
  uint64_t address = 0;
  if (!sondei_windows_read_pointer(in, offset, &address)) return fail(err, in->bytes.len, "a whole PEB");
  if (address == 0) return fail(err, offset, "process parameters");
  *out = address;
  return SONDE_OK;
}

static bool is_in_space(const struct sondei_windows_block *in, uint64_t address, uint64_t len) {
  const uint64_t last = in->pointer_size == 8 ? UINT64_MAX : UINT32_MAX;
  return address <= last && len <= last - address;
}

/* A UNICODE_STRING, whose text lies elsewhere. */
static bool read_text(struct sondei_windows_place *out, const struct sondei_windows_block *in, size_t offset,
                      bool is_normalized) {
  uint16_t len = 0;
  uint64_t address = 0;
  if (!sondei_windows_read_u16(in, offset, &len) ||
      !sondei_windows_read_pointer(in, offset + in->pointer_size, &address)) {
    return false;
  }
  out->address = address;
  out->len = address == 0 ? 0 : len & ~UINT64_C(1);
  if (address == 0 || is_normalized) return is_in_space(in, address, out->len);
  if (!is_in_space(in, in->base, address) || !is_in_space(in, in->base + address, out->len)) return false;
  out->address = in->base + address;
  return true;
}

sonde_status sondei_windows_parse_parameters(struct sondei_windows_parameters *out, sondei_parse_error *err,
                                             const struct sondei_windows_block *in) {
  const struct offsets *const at = offsets_of(in->pointer_size);
  struct sondei_windows_parameters found;
  uint32_t flags = 0;
  if (in->bytes.len < sondei_windows_parameters_size(in->pointer_size) ||
      !sondei_windows_read_u32(in, SONDEI_WINDOWS_PARAMETERS_FLAGS, &flags) ||
      !sondei_windows_read_pointer(in, at->environment, &found.environment.address) ||
      !sondei_windows_read_pointer(in, at->environment_size, &found.environment.len)) {
    return fail(err, in->bytes.len, "whole process parameters");
  }
  const bool is_normalized = (flags & NORMALIZED) != 0;
  if (!read_text(&found.current_directory, in, at->directory, is_normalized)) {
    return fail(err, at->directory, "a directory in the process");
  }
  if (!read_text(&found.image_path, in, at->image, is_normalized)) {
    return fail(err, at->image, "a path in the process");
  }
  if (!read_text(&found.command_line, in, at->command, is_normalized)) {
    return fail(err, at->command, "a command line in the process");
  }
  if (found.environment.address == 0) found.environment.len = 0;
  if (!is_in_space(in, found.environment.address, found.environment.len)) {
    return fail(err, at->environment, "an environment in the process");
  }
  *out = found;
  return SONDE_OK;
}
