// SPDX-License-Identifier: MIT
// fake_backend.h - a backend that fills every slot with made-up answers, and asks no OS.
//
// Every list has three rows: one with every field told, one that could not be read (SONDE_ERR_PARSE), one with every
// second bit of `valid`. A process handle opens for every pid; it has ended with exit code pid % 256.
#ifndef SONDE_TESTS_SUPPORT_FAKE_BACKEND_H
#define SONDE_TESTS_SUPPORT_FAKE_BACKEND_H

#include <sonde/sonde_backend.h>

namespace sonde_test {

const sonde_backend *fake_backend();

}  // namespace sonde_test

#endif  // SONDE_TESTS_SUPPORT_FAKE_BACKEND_H
