// SPDX-License-Identifier: MIT
#include "tests/support/windows_child.h"  // first

#include <gtest/gtest.h>

using sonde_test::WindowsChild;
using sonde_test::WindowsChildOptions;

class WindowsChildTest : public testing::TestWithParam<int> {};

TEST_P(WindowsChildTest, IsOfTheBitnessAskedFor) {
  WINDOWS_CHILD(child, WindowsChildOptions(GetParam()));
  BOOL narrow = FALSE;  // a process of 32 bits on a Windows of 64
  ASSERT_TRUE(IsWow64Process(child.process(), &narrow));
  EXPECT_EQ(narrow != FALSE, GetParam() == 32);
  EXPECT_EQ(GetProcessId(child.process()), child.pid());
}

TEST_P(WindowsChildTest, SeesTheCommandLineEnvironmentAndDirectoryItWasGiven) {
  const std::wstring line = L"a \"b \\\" c\" \xd83d\xde00 \xd800 \"\" d\\";
  WINDOWS_CHILD(child, WindowsChildOptions(GetParam())
                           .with_command_line(line)
                           .with_environment({L"A=", L"B=x=y", L"\xd83d\xde00=\x00e9"})
                           .with_directory(L"C:\\windows"));
  EXPECT_EQ(child.told("command_line"), line);
  EXPECT_NE(child.told("environment").find(std::wstring(L"B=x=y\0", 6)), std::wstring::npos);
  EXPECT_EQ(child.told("directory"), L"C:\\windows");
}

TEST_P(WindowsChildTest, IsSuspendedUntilItIsResumed) {
  WINDOWS_CHILD(child, WindowsChildOptions(GetParam()).with_flags(CREATE_SUSPENDED));
  child.resume();
  EXPECT_EQ(child.told("directory").empty(), false);
}

TEST_P(WindowsChildTest, HoldsWhatItIsToldTo) {
  WINDOWS_CHILD(child, WindowsChildOptions(GetParam()));
  EXPECT_NE(child.number("file C:\\windows"), 0u);
  EXPECT_NE(child.number("pipe sonde_" + std::to_string(child.pid())), 0u);
  EXPECT_NE(child.number("event"), 0u);
  EXPECT_NE(child.number("allocate 1000000"), 0u);
  EXPECT_NE(child.number("load version.dll"), 0u);
  const std::uint64_t port = child.number("open tcp4");
  EXPECT_NE(port, 0u);
  EXPECT_NE(child.number("connect " + std::to_string(port)), 0u);
  EXPECT_NE(child.number("open udp6"), 0u);
  child.ask("threads 2");
  child.ask("spin");
  EXPECT_NE(child.number("child"), child.pid());
  EXPECT_EQ(child.end(), 1u);
}

TEST_P(WindowsChildTest, EndsWithTheCodeItIsTold) {
  WINDOWS_CHILD(child, WindowsChildOptions(GetParam()));
  child.ask("exit 259");
  EXPECT_EQ(WaitForSingleObject(child.process(), 60000), DWORD{WAIT_OBJECT_0});
  EXPECT_EQ(child.end(), 259u);
}

INSTANTIATE_TEST_SUITE_P(Bits, WindowsChildTest, testing::Values(32, 64));
