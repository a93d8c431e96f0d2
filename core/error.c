/* SPDX-License-Identifier: MIT */
/* The latest failure of a context: recorded cheaply, put into words only when asked for. */
#include <string.h>

#include "core/context.h"

void sondei_context_forget(sonde *context) {
  context->failure.status = SONDE_OK;
  context->failure.os_code = 0;
}

static void record(sonde *context, sonde_status status, int64_t os_code, const char *os_name, const char *operation,
                   uint64_t position, const char *subject, size_t subject_len) {
  static const char cut[] = "...";
  struct sondei_failure *const failure = &context->failure;
  failure->status = status;
  failure->os_code = os_code;
  failure->os_name = os_name;
  failure->operation = operation;
  failure->position = position;
  if (subject_len <= SONDEI_SUBJECT_MAX) {
    if (subject_len > 0) memcpy(failure->subject, subject, subject_len);
    failure->subject_len = subject_len;
  } else {
    const size_t kept = SONDEI_SUBJECT_MAX - (sizeof cut - 1);
    memcpy(failure->subject, subject, kept);
    memcpy(failure->subject + kept, cut, sizeof cut - 1);
    failure->subject_len = SONDEI_SUBJECT_MAX;
  }
}

sonde_status sonde_env_fail(struct sonde_env *env, sonde_status status, int64_t os_code, const char *os_name,
                            const char *operation, const char *subject, size_t subject_len) {
  record(env->context, status, os_code, os_name, operation, 0, subject, subject_len);
  return status;
}

sonde_status sonde_env_fail_parse(struct sonde_env *env, const char *expected, uint64_t position, const char *subject,
                                  size_t subject_len) {
  record(env->context, SONDE_ERR_PARSE, 0, NULL, expected, position, subject, subject_len);
  return SONDE_ERR_PARSE;
}

int64_t sonde_env_failed_code(const struct sonde_env *env) { return env->context->failure.os_code; }

sonde_status sonde_env_failed_status(const struct sonde_env *env) { return env->context->failure.status; }

sonde_status sondei_context_fail(sonde *context, sonde_status status, const char *operation) {
  record(context, status, 0, NULL, operation, 0, NULL, 0);
  return status;
}

struct text {
  char *data;
  size_t len;
  size_t capacity;
};

static void append(struct text *text, const char *data, size_t len) {
  if (len > text->capacity - text->len) len = text->capacity - text->len;
  if (len > 0) memcpy(text->data + text->len, data, len);
  text->len += len;
}

static void append_text(struct text *text, const char *data) { append(text, data, strlen(data)); }

static void append_number(struct text *text, uint64_t value) {
  char digits[20];
  size_t at = sizeof digits;
  do {
    digits[--at] = (char)('0' + value % 10);
    value /= 10;
  } while (value > 0);
  append(text, digits + at, sizeof digits - at);
}

/* "open /proc/1/io: EACCES (not permitted)"; "/proc/stat: expected a number at byte 12 (...)". */
static size_t put_into_words(struct sondei_failure *failure) {
  struct text text = {failure->text, 0, sizeof failure->text - 1};
  const bool is_parse = failure->status == SONDE_ERR_PARSE;
  if (!is_parse && failure->operation != NULL) {
    append_text(&text, failure->operation);
    if (failure->subject_len > 0) append_text(&text, " ");
  }
  append(&text, failure->subject, failure->subject_len);
  if (text.len > 0) append_text(&text, ": ");
  if (is_parse && failure->operation != NULL) {
    append_text(&text, "expected ");
    append_text(&text, failure->operation);
    append_text(&text, " at byte ");
    append_number(&text, failure->position);
    append_text(&text, " ");
  } else if (failure->os_code != 0) {
    if (failure->os_name != NULL) {
      append_text(&text, failure->os_name);
    } else {
      append_text(&text, failure->os_code < 0 ? "code -" : "code ");
      append_number(&text, failure->os_code < 0 ? (uint64_t)(-(failure->os_code + 1)) + 1 : (uint64_t)failure->os_code);
    }
    append_text(&text, " ");
  }
  append_text(&text, "(");
  append_text(&text, sonde_strerror(failure->status));
  append_text(&text, ")");
  text.data[text.len] = '\0';
  return text.len;
}

static sonde_string string_of(const char *text) {
  const sonde_string string = {text != NULL ? text : "", text != NULL ? strlen(text) : 0};
  return string;
}

void sonde_last_error(sonde *context, sonde_error *out) {
  if (out == NULL) return;
  memset(out, 0, sizeof *out);
  out->os_name = out->operation = out->subject = out->text = string_of(NULL);
  if (context == NULL || context->failure.status == SONDE_OK) return;
  struct sondei_failure *const failure = &context->failure;
  out->status = failure->status;
  out->os_code = failure->os_code;
  out->os_name = string_of(failure->os_name);
  out->operation = string_of(failure->operation);
  failure->subject[failure->subject_len] = '\0';
  out->subject.data = failure->subject;
  out->subject.len = failure->subject_len;
  out->position = failure->position;
  out->text.len = put_into_words(failure);
  out->text.data = failure->text;
}
