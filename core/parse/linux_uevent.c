/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_uevent.h"

#include <string.h>

static bool take_dev(sondei_span value, uint32_t *out) { return sondei_span_u32(&value, out) && value.len == 0; }

sonde_status sondei_linux_parse_uevent(struct sondei_linux_uevent *out, sondei_parse_error *err, sondei_span in) {
  const sondei_span whole = in;
  struct sondei_linux_uevent uevent;
  memset(&uevent, 0, sizeof uevent);
  uevent.devname = uevent.devtype = sondei_span_of(in.data, 0);
  bool has_major = false;
  bool has_minor = false;
  sondei_span line;
  while (sondei_span_take_line(&in, &line)) {
    if (sondei_span_take_text(&line, "MAJOR=")) {
      if (!take_dev(line, &uevent.dev_major)) goto fail;
      has_major = true;
    } else if (sondei_span_take_text(&line, "MINOR=")) {
      if (!take_dev(line, &uevent.dev_minor)) goto fail;
      has_minor = true;
    } else if (sondei_span_take_text(&line, "DEVNAME=")) {
      uevent.devname = line;
    } else if (sondei_span_take_text(&line, "DEVTYPE=")) {
      uevent.devtype = line;
    }
  }
  uevent.has_dev = has_major && has_minor;
  if (!uevent.has_dev) uevent.dev_major = uevent.dev_minor = 0;
  *out = uevent;
  return SONDE_OK;
fail:
  err->position = (size_t)(line.data - whole.data);
  err->expected = "a device number";
  return SONDE_ERR_PARSE;
}
