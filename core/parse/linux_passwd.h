/* SPDX-License-Identifier: MIT */
/* linux_passwd.h - the rows of /etc/passwd (passwd(5)): which user name belongs to a uid. */
#ifndef SONDE_CORE_PARSE_LINUX_PASSWD_H
#define SONDE_CORE_PARSE_LINUX_PASSWD_H

#include "core/parse/span.h"

struct sondei_linux_passwd {
  sondei_span name; /* never empty in a row that was understood; any bytes but ':' and line end */
  uint32_t uid;
};

/* Takes the next row off. Blank lines and comments (#) are passed over. True: a row; err->expected says what is wrong
 * with it, or is NULL. Rows of the name service switch ("+::::::", "-user", "+@group") are bad rows: they name nobody
 * here. False: the end. Several rows may have the same uid: the first one is the name. */
bool sondei_linux_next_passwd(struct sondei_linux_passwd *out, sondei_parse_error *err, sondei_span *in);

#endif /* SONDE_CORE_PARSE_LINUX_PASSWD_H */
