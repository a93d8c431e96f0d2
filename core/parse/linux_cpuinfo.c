/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_cpuinfo.h"

#include <string.h>

enum key_kind {
  KEY_CPU,
  KEY_CPU_AGAIN,
  KEY_VENDOR,
  KEY_NAME,
  KEY_MICROCODE,
  KEY_FEATURES,
  KEY_FAMILY,
  KEY_ARCHITECTURE,
  KEY_MODEL,
  KEY_STEPPING,
  KEY_PACKAGE,
  KEY_CORE,
  KEY_CURRENT,
  KEY_NOMINAL
};

/* Of several names of a model in one paragraph the one that stands first here is told. */
static const struct key {
  const char *text;
  enum key_kind kind;
} keys[] = {
    {"processor", KEY_CPU},
    {"cpu number", KEY_CPU_AGAIN},
    {"vendor_id", KEY_VENDOR},
    {"vendor", KEY_VENDOR},
    {"CPU implementer", KEY_VENDOR},
    {"mvendorid", KEY_VENDOR},
    {"model name", KEY_NAME},
    {"Model Name", KEY_NAME},
    {"cpu model", KEY_NAME},
    {"uarch", KEY_NAME},
    {"cpu", KEY_NAME},
    {"Processor", KEY_NAME},
    {"microcode", KEY_MICROCODE},
    {"flags", KEY_FEATURES},
    {"Features", KEY_FEATURES},
    {"features", KEY_FEATURES},
    {"isa", KEY_FEATURES},
    {"ASEs implemented", KEY_FEATURES},
    {"cpu family", KEY_FAMILY},
    {"family", KEY_FAMILY},
    {"CPU architecture", KEY_ARCHITECTURE},
    {"model", KEY_MODEL},
    {"CPU part", KEY_MODEL},
    {"stepping", KEY_STEPPING},
    {"revision", KEY_STEPPING},
    {"CPU revision", KEY_STEPPING},
    {"physical id", KEY_PACKAGE},
    {"package", KEY_PACKAGE},
    {"core id", KEY_CORE},
    {"core", KEY_CORE},
    {"cpu MHz", KEY_CURRENT},
    {"CPU MHz", KEY_CURRENT},
    {"cpu MHz dynamic", KEY_CURRENT},
    {"clock", KEY_CURRENT},
    {"cpu MHz static", KEY_NOMINAL},
};

struct paragraph {
  struct sondei_linux_cpuinfo record;
  const char *expected; /* the first thing that was wrong; NULL: nothing */
  const char *at;
  const struct key *name; /* what model_name was taken from */
};

static void complain(struct paragraph *to, sondei_span at, const char *expected) {
  if (to->expected != NULL) return;
  to->expected = expected;
  to->at = at.data;
}

static bool starts_with_digit(sondei_span span) { return span.len > 0 && span.data[0] >= '0' && span.data[0] <= '9'; }

/* A number that is the whole value, decimal or hexadecimal with 0x. */
static void take_number(struct paragraph *to, uint32_t *out, uint32_t bit, sondei_span value) {
  sondei_span rest = value;
  uint64_t number = 0;
  const bool is_hex = sondei_span_take_text(&rest, "0x");
  if (!is_hex && !starts_with_digit(rest)) return;
  const bool fits =
      is_hex ? sondei_span_hex64(&rest, &number, UINT64_MAX) : sondei_span_u64(&rest, &number, UINT64_MAX);
  if (!fits) {
    complain(to, value, "a number");
    return;
  }
  if (rest.len > 0) return; /* ppc: "revision : 2.2 (pvr 004e 1202)" */
  if (number > UINT32_MAX) {
    complain(to, value, "a number below 2^32");
    return;
  }
  *out = (uint32_t)number;
  to->record.valid |= bit;
}

static void take_cpu(struct paragraph *to, sondei_span value) {
  uint32_t cpu = 0;
  sondei_span rest = value;
  if (!sondei_span_u32(&rest, &cpu) || rest.len > 0) {
    complain(to, value, "a CPU number");
    return;
  }
  to->record.cpu = cpu;
  to->record.valid |= SONDEI_LINUX_CPUINFO_CPU;
}

/* "8", "7", "5TEJ", and "AArch64" of kernels before 3.19. */
static void take_architecture(struct paragraph *to, sondei_span value) {
  uint32_t version = 0;
  if (sondei_span_equals(value, "AArch64")) {
    version = 8;
  } else if (!sondei_span_u32(&value, &version)) {
    return;
  }
  to->record.family = version;
  to->record.valid |= SONDEI_LINUX_CPUINFO_FAMILY;
}

/* "2000.000", "3000.0MHz", "unknown"; 0 where the kernel does not know. */
static void take_megahertz(struct paragraph *to, uint64_t *out, uint32_t bit, sondei_span value) {
  sondei_span rest = value;
  uint64_t hertz = 0;
  if (!sondei_span_fixed(&rest, &hertz, 1000000, UINT64_MAX)) {
    if (starts_with_digit(value)) complain(to, value, "a frequency");
    return;
  }
  sondei_span_skip_blanks(&rest);
  sondei_span_take_text(&rest, "MHz");
  if (rest.len > 0 || hertz == 0) return;
  *out = hertz;
  to->record.valid |= bit;
}

/* What stands behind "processor 0:" on s390x: "version = FF,  identification = 2733E8,  machine = 2964". */
static void take_s390(struct paragraph *to, sondei_span value) {
  sondei_span item;
  while (sondei_span_take_until(&value, ',', &item)) {
    sondei_span_skip_blanks(&item);
    if (!sondei_span_take_text(&item, "machine = ")) continue;
    take_number(to, &to->record.model, SONDEI_LINUX_CPUINFO_MODEL, sondei_span_trim(item));
  }
}

static void take_value(struct paragraph *to, const struct key *key, sondei_span value) {
  struct sondei_linux_cpuinfo *const record = &to->record;
  switch (key->kind) {
    case KEY_CPU:
      take_cpu(to, value);
      break;
    case KEY_CPU_AGAIN:
      if ((record->valid & SONDEI_LINUX_CPUINFO_CPU) != 0) break; /* ia64 has both */
      take_cpu(to, value);
      record->is_more = true;
      break;
    case KEY_VENDOR:
      record->vendor = value;
      break;
    case KEY_NAME:
      if (to->name != NULL && to->name < key) break;
      to->name = key;
      record->model_name = value;
      break;
    case KEY_MICROCODE:
      record->microcode = value;
      break;
    case KEY_FEATURES:
      record->features = value;
      break;
    case KEY_FAMILY:
      take_number(to, &record->family, SONDEI_LINUX_CPUINFO_FAMILY, value);
      break;
    case KEY_ARCHITECTURE:
      take_architecture(to, value);
      break;
    case KEY_MODEL:
      take_number(to, &record->model, SONDEI_LINUX_CPUINFO_MODEL, value);
      break;
    case KEY_STEPPING:
      take_number(to, &record->stepping, SONDEI_LINUX_CPUINFO_STEPPING, value);
      break;
    case KEY_PACKAGE:
      take_number(to, &record->package, SONDEI_LINUX_CPUINFO_PACKAGE, value);
      break;
    case KEY_CORE:
      take_number(to, &record->core, SONDEI_LINUX_CPUINFO_CORE, value);
      break;
    case KEY_CURRENT:
      take_megahertz(to, &record->current, SONDEI_LINUX_CPUINFO_CURRENT, value);
      break;
    case KEY_NOMINAL:
      take_megahertz(to, &record->nominal, SONDEI_LINUX_CPUINFO_NOMINAL, value);
      break;
  }
}

/* Splits at the first colon; a line without one is all key. */
static sondei_span take_key(sondei_span *line) {
  size_t len = line->len;
  const bool found = sondei_span_find(*line, ':', &len);
  const sondei_span key = sondei_span_trim(sondei_span_of(line->data, len));
  sondei_span_advance(line, found ? len + 1 : len);
  *line = sondei_span_trim(*line);
  return key;
}

/* "processor 0", as s390x writes it. Takes "processor " off. */
static bool is_s390(sondei_span *key) { return sondei_span_take_text(key, "processor ") && starts_with_digit(*key); }

bool sondei_linux_next_cpuinfo(struct sondei_linux_cpuinfo *out, sondei_parse_error *err, sondei_span *in) {
  const sondei_span whole = *in;
  struct paragraph paragraph;
  memset(&paragraph, 0, sizeof paragraph);
  bool is_begun = false;
  err->position = 0;
  err->expected = NULL;
  for (;;) {
    sondei_span rest = *in;
    sondei_span line;
    if (!sondei_span_take_line(&rest, &line)) break;
    if (sondei_span_trim(line).len == 0) {
      *in = rest;
      if (is_begun) break;
      continue;
    }
    sondei_span key = take_key(&line);
    sondei_span number = key;
    const bool s390 = is_s390(&number);
    if (is_begun && (s390 || sondei_span_equals(key, "processor"))) break;
    if (!is_begun) {
      const sondei_span none = sondei_span_of(key.data, 0);
      paragraph.record.vendor = paragraph.record.model_name = none;
      paragraph.record.microcode = paragraph.record.features = none;
      is_begun = true;
    }
    *in = rest;
    if (s390) {
      take_cpu(&paragraph, number);
      take_s390(&paragraph, line);
      break;
    }
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
      if (!sondei_span_equals(key, keys[i].text)) continue;
      take_value(&paragraph, &keys[i], line);
      break;
    }
  }
  if (!is_begun) return false;
  if (paragraph.expected != NULL) {
    err->position = (size_t)(paragraph.at - whole.data);
    err->expected = paragraph.expected;
  }
  *out = paragraph.record;
  return true;
}

bool sondei_linux_next_cpu_feature(sondei_span *out, sondei_span *features) {
  return sondei_span_take_word(features, out);
}

bool sondei_linux_cpuinfo_is_mips(sondei_span in) {
  sondei_span line;
  while (sondei_span_take_line(&in, &line)) {
    if (sondei_span_starts_with(line, "ASEs implemented")) return true;
  }
  return false;
}
