// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/windows_path.h"
}

#include <gtest/gtest.h>

#include <string>

#include "tests/support/windows_bytes.h"

namespace {

class WindowsPath : public testing::Test {
 protected:
  WindowsPath() {
    Stand('A', u"\\Device\\Floppy0");
    Stand('C', u"\\Device\\HarddiskVolume3");
    Stand('D', u"\\Device\\HarddiskVolume3\\mounted");
    Stand('E', u"\\Device\\HarddiskVolume3");
    Stand('S', u"\\??\\C:\\subst");
    Stand('T', u"\\Device\\Volume\u00e9");
    Stand('Y', u"\\Device\\LanmanRedirector\\;Y:00000000000abcde\\server\\home");
    Stand('Z', u"\\Device\\VBoxMiniRdr\\;Z:\\vboxsrv\\share");
    root_ = Utf16(u"C:\\Windows");
    drives_.system_root = SpanOf(root_);
  }

  void Stand(char letter, const std::u16string &device) {
    devices_[letter - 'A'] = Utf16(device);
    drives_.devices[letter - 'A'] = SpanOf(devices_[letter - 'A']);
  }

  std::string Map(const std::string &bytes) {
    sondei_windows_path path;
    sondei_windows_map_path(&path, SpanOf(bytes), &drives_);
    return Utf8(path.prefix) + Utf8(path.rest);
  }

  std::string devices_[SONDEI_WINDOWS_DRIVES];
  std::string root_;
  sondei_windows_drives drives_ = {};
};

TEST_F(WindowsPath, Table) {
  const struct {
    const char *origin;
    std::u16string in;
    std::string expected;
  } rows[] = {
      {"every program", u"\\Device\\HarddiskVolume3\\Windows\\explorer.exe", "C:\\Windows\\explorer.exe"},
      {"the root of a drive", u"\\Device\\HarddiskVolume3\\", "C:\\"},
      {"the device itself", u"\\Device\\HarddiskVolume3", "C:"},
      {"the first letter of all", u"\\Device\\Floppy0\\x", "A:\\x"},
      {"the last", u"\\Device\\VBoxMiniRdr\\;Z:\\vboxsrv\\share\\x", "Z:\\x"},
      {"letters of either case", u"\\device\\HARDDISKvolume3\\X", "C:\\X"},
      {"beyond ASCII", u"\\Device\\Volume\u00e9\\\U0001f600", "T:\\\xf0\x9f\x98\x80"},
      {"case beyond ASCII is another name", u"\\Device\\Volume\u00c9\\x", "\\Device\\Volume\xc3\x89\\x"},
      {"a number that only begins so", u"\\Device\\HarddiskVolume30\\x", "\\Device\\HarddiskVolume30\\x"},
      {"the longer device", u"\\Device\\HarddiskVolume3\\mounted\\x", "D:\\x"},
      {"a volume without a letter", u"\\Device\\HarddiskVolume9\\x", "\\Device\\HarddiskVolume9\\x"},
      {"a share", u"\\Device\\Mup\\server\\share\\x", "\\\\server\\share\\x"},
      {"a share of a letter, as the kernel names it",
       u"\\Device\\Mup\\;LanmanRedirector\\;X:0000000000012345\\server\\x", "\\\\server\\x"},
      {"a redirector", u"\\Device\\LanmanRedirector\\server\\share\\x", "\\\\server\\share\\x"},
      {"a redirector and a letter", u"\\Device\\LanmanRedirector\\;Y:00000000000abcde\\server\\home\\x", "Y:\\x"},
      {"the same, another share", u"\\Device\\LanmanRedirector\\;Y:00000000000abcde\\server\\homes",
       "\\\\server\\homes"},
      {"WebDAV", u"\\Device\\WebDavRedirector\\;W:0000000000000001\\host@SSL\\x", "\\\\host@SSL\\x"},
      {"no server", u"\\Device\\Mup", "\\Device\\Mup"},
      {"no server either", u"\\Device\\Mup\\;X:0", "\\Device\\Mup\\;X:0"},
      {"only a backslash", u"\\Device\\Mup\\", "\\Device\\Mup\\"},
      {"not that device", u"\\Device\\Mupp\\server\\x", "\\Device\\Mupp\\server\\x"},
      {"objects", u"\\??\\C:\\x", "C:\\x"},
      {"objects: a share", u"\\??\\UNC\\server\\share", "\\\\server\\share"},
      {"objects: a share of lower case", u"\\??\\unc\\server", "\\\\server"},
      {"objects: not that share", u"\\??\\UNCLE\\server", "\\\\?\\UNCLE\\server"},
      {"objects: no server", u"\\??\\UNC", "\\\\?\\UNC"},
      {"objects: a volume", u"\\??\\Volume{01234567-89ab-cdef-0123-456789abcdef}\\x",
       "\\\\?\\Volume{01234567-89ab-cdef-0123-456789abcdef}\\x"},
      {"objects: a pipe", u"\\??\\pipe\\x", "\\\\?\\pipe\\x"},
      {"objects: nothing", u"\\??\\", "\\\\?\\"},
      {"a long path", u"\\\\?\\C:\\x", "C:\\x"},
      {"a long path: a share", u"\\\\?\\UNC\\server\\share", "\\\\server\\share"},
      {"a long path: a volume", u"\\\\?\\Volume{1}\\x", "\\\\?\\Volume{1}\\x"},
      {"a driver", u"\\SystemRoot\\System32\\ntoskrnl.exe", "C:\\Windows\\System32\\ntoskrnl.exe"},
      {"the folder itself", u"\\systemroot", "C:\\Windows"},
      {"another folder", u"\\SystemRoots\\x", "\\SystemRoots\\x"},
      {"a path already", u"C:\\Windows\\x", "C:\\Windows\\x"},
      {"a share already", u"\\\\server\\share\\x", "\\\\server\\share\\x"},
      {"a device of programs", u"\\\\.\\pipe\\x", "\\\\.\\pipe\\x"},
      {"a name that is no path", u"Registry", "Registry"},
      {"lone surrogates", {u'\\', u'?', u'?', u'\\', u'c', u':', 0xd800}, "c:\xed\xa0\x80"},
      {"the right bytes in the wrong place",
       {u'\\', 0x3f00, 0x3f00, u'\\', u'C', u':'},
       "\\\xe3\xbc\x80\xe3\xbc\x80\\C:"},
      {"one unit", u"\\", "\\"},
      {"empty", u"", ""},
  };
  for (const auto &row : rows) EXPECT_EQ(Map(Utf16(row.in)), row.expected) << row.origin;
  EXPECT_EQ(Map("x"), "") << "half a unit";
}

TEST_F(WindowsPath, LongerThanAnyLimit) {
  const std::u16string rest(33000, u'x');
  EXPECT_EQ(Map(Utf16(u"\\Device\\HarddiskVolume3\\" + rest)), "C:\\" + std::string(33000, 'x'));
}

TEST_F(WindowsPath, NothingIsKnown) {
  drives_ = {};
  EXPECT_EQ(Map(Utf16(u"\\Device\\HarddiskVolume3\\x")), "\\Device\\HarddiskVolume3\\x");
  EXPECT_EQ(Map(Utf16(u"\\SystemRoot\\x")), "\\SystemRoot\\x");
  EXPECT_EQ(Map(Utf16(u"\\Device\\Mup\\server\\x")), "\\\\server\\x");
  EXPECT_EQ(Map(""), "");
}

TEST_F(WindowsPath, HalfAUnitInTheTable) {
  const std::string odd = Utf16(u"\\Device\\HarddiskVolume5") + "\\";
  drives_.devices[5] = SpanOf(odd);
  EXPECT_EQ(Map(Utf16(u"\\Device\\HarddiskVolume5\\x")), "F:\\x");
}

}  // namespace
