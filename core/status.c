/* SPDX-License-Identifier: MIT */
#include <sonde/sonde.h>

const char *sonde_version(void) { return SONDE_VERSION_STRING; }

const char *sonde_strerror(sonde_status status) {
  switch (status) {
#define MESSAGE(name, value, message) \
  case SONDE_##name:                  \
    return message;
    SONDE_STATUS_MAP(MESSAGE)
#undef MESSAGE
    case SONDE_STATUS_FORCE_INT:
      break;
  }
  return "unknown status";
}

const char *sonde_status_name(sonde_status status) {
  switch (status) {
#define NAME(name, value, message) \
  case SONDE_##name:               \
    return "SONDE_" #name;
    SONDE_STATUS_MAP(NAME)
#undef NAME
    case SONDE_STATUS_FORCE_INT:
      break;
  }
  return "SONDE_?";
}
