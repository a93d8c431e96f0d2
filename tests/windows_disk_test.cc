// SPDX-License-Identifier: MIT
#include "backends/windows/windows_os.h"  // first

#include <gtest/gtest.h>
#include <sonde/sonde.h>
#include <sonde/sonde_backend.h>
#include <string.h>
#include <winioctl.h>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/allocations.h"
#include "tests/support/context.h"
#include "tests/support/windows_bytes.h"

namespace {

using sonde_test::Context;
using sonde_test::expect_no_memory_each_time;
using sonde_test::List;
using sonde_test::text;
using std::string_literals::operator""s;

std::string Narrow(const std::wstring &wide) {
  return Utf8(sondei_span_of(reinterpret_cast<const char *>(wide.data()), wide.size() * 2));
}

template <typename T>
std::string Bytes(const T &value) {
  return std::string(reinterpret_cast<const char *>(&value), sizeof value);
}

/* ---- This machine, asked another way -------------------------------------------------------------------------------
 */

TEST(WindowsDisk, PartitionsAreTheDrivesThatTheirBitsName) {
  const Context context;
  List<sonde_disk_partition_list> list;
  ASSERT_EQ(sonde_disk_partition_list_get(context, &list, true), SONDE_OK) << context.error();
  std::string letters;
  for (const sonde_disk_partition &row : list) {
    if (text(row.mountpoint).size() == 3) letters.push_back(row.mountpoint.data[0]);
  }
  std::string expected;
  const DWORD bits = GetLogicalDrives();
  for (int i = 0; i < 26; i++) {
    if ((bits >> i & 1) != 0) expected.push_back(static_cast<char>('A' + i));
  }
  EXPECT_EQ(letters, expected);
}

TEST(WindowsDisk, TheDriveOfWindowsHasAFileSystem) {
  const Context context;
  List<sonde_disk_partition_list> list;
  ASSERT_EQ(sonde_disk_partition_list_get(context, &list, false), SONDE_OK) << context.error();
  wchar_t directory[MAX_PATH];
  ASSERT_GT(GetSystemWindowsDirectoryW(directory, MAX_PATH), 0u);
  for (const sonde_disk_partition &row : list) {
    if (row.mountpoint.data[0] != static_cast<char>(directory[0]) || row.mountpoint.len != 3) continue;
    wchar_t root[] = L"?:\\", volume[64], label[MAX_PATH + 1], file_system[MAX_PATH + 1];
    DWORD serial = 0, longest = 0, flags = 0;
    root[0] = directory[0];
    ASSERT_TRUE(GetVolumeInformationW(root, label, MAX_PATH, &serial, &longest, &flags, file_system, MAX_PATH));
    EXPECT_EQ(row.status, SONDE_OK);
    EXPECT_EQ(text(row.fstype), Narrow(file_system));
    EXPECT_EQ(text(row.opts), (flags & FILE_READ_ONLY_VOLUME) != 0 ? "ro,fixed" : "rw,fixed");
    ASSERT_TRUE(GetVolumeNameForVolumeMountPointW(root, volume, 64));
    EXPECT_EQ(text(row.device), Narrow(volume));
    EXPECT_EQ(row.flags & SONDE_MOUNT_REMOTE, 0u);
    return;
  }
  FAIL() << "no row";
}

// Others write to the same disk meanwhile: it is asked before and after.
TEST(WindowsDisk, SpaceIsThatOfGetDiskFreeSpace) {
  const Context context;
  wchar_t folder[MAX_PATH + 1], file[MAX_PATH + 1];
  ASSERT_GT(GetTempPathW(MAX_PATH, folder), 0u);
  ASSERT_GT(GetTempFileNameW(folder, L"so", 0, file), 0u);
  for (int i = 0; i < 50; i++) {
    ULARGE_INTEGER before, total, before_free, after, after_free;
    DWORD sectors = 0, bytes = 0, free_clusters = 0, clusters = 0;
    sonde_disk_usage usage = {}, of_file = {};
    ASSERT_TRUE(GetDiskFreeSpaceExW(folder, &before, &total, &before_free));
    ASSERT_EQ(sonde_disk_usage_get(context, &usage, Narrow(folder).c_str(), SONDE_NO_TIMEOUT), SONDE_OK)
        << context.error();
    ASSERT_EQ(sonde_disk_usage_get(context, &of_file, Narrow(file).c_str(), SONDE_NSEC_PER_SEC), SONDE_OK)
        << context.error();
    ASSERT_TRUE(GetDiskFreeSpaceExW(folder, &after, &total, &after_free));
    if (before_free.QuadPart != after_free.QuadPart) continue;
    EXPECT_EQ(usage.total, total.QuadPart);
    EXPECT_EQ(usage.free, before.QuadPart);
    EXPECT_GE(usage.total - usage.used, before_free.QuadPart);  // Wine: what is free to the caller once more
    EXPECT_EQ(usage.reserved, usage.total - usage.used - usage.free);
    EXPECT_EQ(usage.valid & SONDE_DISK_USAGE_SPACE, static_cast<unsigned>(SONDE_DISK_USAGE_SPACE));
    EXPECT_EQ(of_file.total, usage.total);
    EXPECT_EQ(of_file.free, usage.free);
    ASSERT_TRUE(GetDiskFreeSpaceW(folder, &sectors, &bytes, &free_clusters, &clusters));
    EXPECT_EQ(usage.block_size, static_cast<uint64_t>(sectors) * bytes);
    break;
  }
  DeleteFileW(file);
}

TEST(WindowsDisk, SpaceOfAPathOfMoreThan260Characters) {
  const Context context;
  wchar_t temp[MAX_PATH + 1];
  ASSERT_GT(GetTempPathW(MAX_PATH, temp), 0u);
  std::vector<std::wstring> folders = {L"\\\\?\\" + std::wstring(temp) + L"sonde" +
                                       std::to_wstring(GetCurrentProcessId())};
  for (int i = 0; i < 4; i++)
    folders.push_back(folders.back() + L"\\" + std::wstring(100, static_cast<wchar_t>(L'a' + i)));
  for (const std::wstring &folder : folders) ASSERT_TRUE(CreateDirectoryW(folder.c_str(), nullptr)) << GetLastError();
  const std::string path = Narrow(folders.back().substr(4));
  ASSERT_GT(path.size(), 400u);
  sonde_disk_usage usage = {}, root = {};
  EXPECT_EQ(sonde_disk_usage_get(context, &usage, path.c_str(), SONDE_NO_TIMEOUT), SONDE_OK) << context.error();
  EXPECT_EQ(sonde_disk_usage_get(context, &root, Narrow(temp).c_str(), SONDE_NO_TIMEOUT), SONDE_OK) << context.error();
  EXPECT_EQ(usage.total, root.total);
  for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder) RemoveDirectoryW(folder->c_str());
}

TEST(WindowsDisk, SpaceOfWhatIsNotThere) {
  const Context context;
  sonde_disk_usage usage = {};
  EXPECT_EQ(sonde_disk_usage_get(context, &usage, "C:\\no such file", SONDE_NO_TIMEOUT), SONDE_ERR_OS);
  EXPECT_NE(context.error().find("ERROR_FILE_NOT_FOUND"), std::string::npos) << context.error();
  EXPECT_EQ(sonde_disk_usage_get(context, &usage, "C:\\\xff", SONDE_NO_TIMEOUT), SONDE_ERR_INVALID);
}

TEST(WindowsDisk, ListsOfDisksSucceed) {
  const Context context;
  List<sonde_disk_io_list> io;
  List<sonde_disk_device_list> devices;
  ASSERT_EQ(sonde_disk_io_list_get(context, &io), SONDE_OK) << context.error();
  ASSERT_EQ(sonde_disk_device_list_get(context, &devices), SONDE_OK) << context.error();
  std::set<std::string> names;
  for (const sonde_disk_device &row : devices) names.insert(text(row.name));
  for (const sonde_disk_io &row : io) EXPECT_EQ(names.count(text(row.name)), 1u) << text(row.name);
}

/* ---- A machine made up ----------------------------------------------------------------------------------------------
 */

struct Reply {
  DWORD code;         // ERROR_SUCCESS: bytes
  std::string bytes;  // a buffer that is smaller gives short_code
  DWORD short_code = ERROR_INSUFFICIENT_BUFFER;
};

struct Volume {
  std::wstring name;  // "\\?\Volume{...}\", or "C:\" of what has none
  UINT type = DRIVE_FIXED;
  std::wstring paths;  // each ended by a NUL, and a NUL
  std::wstring file_system = L"NTFS";
  DWORD flags = 0;
  DWORD code = ERROR_SUCCESS;    // of GetVolumeInformationW
  DWORD medium = ERROR_SUCCESS;  // of IOCTL_STORAGE_CHECK_VERIFY2
  DWORD paths_code = ERROR_SUCCESS;
  std::wstring device = L"\\Device\\HarddiskVolume1";  // of the letter
};

struct Disk {
  DWORD open = ERROR_SUCCESS;
  std::map<DWORD, Reply> controls;  // by control code
  std::map<int, Reply> properties;  // of IOCTL_STORAGE_QUERY_PROPERTY
};

struct Machine {
  std::wstring letters;
  std::vector<Volume> volumes;
  std::wstring names;  // of QueryDosDeviceW(NULL)
  std::map<std::wstring, Disk> disks;
  std::map<std::string, DWORD> fail;  // by function
  std::set<std::wstring> touched;     // volumes that were asked for their file system
  std::wstring opened;                // by CreateFileW, the last
  FILE_FS_FULL_SIZE_INFORMATION space = {};
  NTSTATUS space_code = STATUS_SUCCESS;
  DWORD volume_flags = 0;
  DWORD mode = 0x8000;
  size_t next = 0;
  int open_handles = 0;

  bool fails(const char *function) {
    const auto found = fail.find(function);
    if (found == fail.end()) return false;
    SetLastError(found->second);
    return true;
  }
  Volume *find(const std::wstring &root) {
    for (Volume &volume : volumes) {
      if (volume.name == root) return &volume;
      for (size_t at = 0; at < volume.paths.size() && volume.paths[at] != 0;
           at += wcslen(volume.paths.c_str() + at) + 1) {
        if (volume.paths.c_str() + at == root) return &volume;
      }
    }
    return nullptr;
  }
};

Machine *g_machine;
const HANDLE kFile = reinterpret_cast<HANDLE>(0x1000);
const HANDLE kFind = reinterpret_cast<HANDLE>(0x2000);
std::vector<std::wstring> g_handles;  // 0x10000 + index: a device

DWORD Put(const std::wstring &in, wchar_t *out, DWORD units, DWORD code) {
  if (in.size() > units) {
    SetLastError(code);
    return 0;
  }
  memcpy(out, in.data(), in.size() * 2);
  return static_cast<DWORD>(in.size());
}

BOOL WINAPI FakeSetThreadErrorMode(DWORD mode, DWORD *before) {
  if (g_machine->fails("SetThreadErrorMode")) return FALSE;
  if (before != nullptr) *before = g_machine->mode;
  g_machine->mode = mode;
  return TRUE;
}

DWORD WINAPI FakeGetLogicalDriveStringsW(DWORD units, wchar_t *out) {
  if (g_machine->fails("GetLogicalDriveStringsW")) return 0;
  if (g_machine->letters.size() > units) return static_cast<DWORD>(g_machine->letters.size());
  return Put(g_machine->letters, out, units, ERROR_INSUFFICIENT_BUFFER);
}

UINT WINAPI FakeGetDriveTypeW(const wchar_t *root) {
  const Volume *const volume = g_machine->find(root);
  return volume != nullptr ? volume->type : DRIVE_NO_ROOT_DIR;
}

BOOL WINAPI FakeGetVolumeInformationW(const wchar_t *root, wchar_t *, DWORD, DWORD *, DWORD *, DWORD *flags,
                                      wchar_t *file_system, DWORD units) {
  EXPECT_EQ(g_machine->mode & SEM_FAILCRITICALERRORS, g_machine->fail.count("SetThreadErrorMode") > 0 ? 0u : 1u);
  g_machine->touched.insert(root);
  const Volume *const volume = g_machine->find(root);
  SetLastError(volume->code);
  if (volume->code != ERROR_SUCCESS) return FALSE;
  *flags = volume->flags;
  return Put(volume->file_system + L'\0', file_system, units, ERROR_MORE_DATA) != 0;
}

BOOL WINAPI FakeGetVolumeInformationByHandleW(HANDLE file, wchar_t *, DWORD, DWORD *, DWORD *, DWORD *flags, wchar_t *,
                                              DWORD) {
  EXPECT_EQ(file, kFile);
  if (g_machine->fails("GetVolumeInformationByHandleW")) return FALSE;
  *flags = g_machine->volume_flags;
  return TRUE;
}

BOOL WINAPI FakeGetVolumeNameForVolumeMountPointW(const wchar_t *root, wchar_t *out, DWORD units) {
  if (g_machine->fails("GetVolumeNameForVolumeMountPointW")) return FALSE;
  const Volume *const volume = g_machine->find(root);
  if (volume == nullptr || volume->name[0] != L'\\') return FALSE;
  return Put(volume->name + L'\0', out, units, ERROR_FILENAME_EXCED_RANGE) != 0;
}

BOOL NextVolume(wchar_t *out, DWORD units) {
  while (g_machine->next < g_machine->volumes.size()) {
    const std::wstring &name = g_machine->volumes[g_machine->next++].name;
    if (name[0] == L'\\') return Put(name + L'\0', out, units, ERROR_FILENAME_EXCED_RANGE) != 0;
  }
  SetLastError(ERROR_NO_MORE_FILES);
  return FALSE;
}

HANDLE WINAPI FakeFindFirstVolumeW(wchar_t *out, DWORD units) {
  if (g_machine->fails("FindFirstVolumeW")) return INVALID_HANDLE_VALUE;
  g_machine->next = 0;
  if (!NextVolume(out, units)) return INVALID_HANDLE_VALUE;
  g_machine->open_handles++;
  return kFind;
}

BOOL WINAPI FakeFindNextVolumeW(HANDLE find, wchar_t *out, DWORD units) {
  EXPECT_EQ(find, kFind);
  if (g_machine->fails("FindNextVolumeW")) return FALSE;
  return NextVolume(out, units);
}

BOOL WINAPI FakeFindVolumeClose(HANDLE find) {
  EXPECT_EQ(find, kFind);
  g_machine->open_handles--;
  return TRUE;
}

BOOL WINAPI FakeGetVolumePathNamesForVolumeNameW(const wchar_t *name, wchar_t *out, DWORD units, DWORD *needed) {
  const Volume *const volume = g_machine->find(name);
  if (volume->paths_code != ERROR_SUCCESS) {
    SetLastError(volume->paths_code);
    return FALSE;
  }
  *needed = static_cast<DWORD>(volume->paths.size());
  return Put(volume->paths, out, units, ERROR_MORE_DATA) != 0;
}

DWORD WINAPI FakeQueryDosDeviceW(const wchar_t *name, wchar_t *out, DWORD units) {
  if (name == nullptr) {
    if (g_machine->fails("QueryDosDeviceW")) return 0;
    return Put(g_machine->names, out, units, ERROR_INSUFFICIENT_BUFFER);
  }
  if (g_machine->fails("QueryDosDeviceW(letter)")) return 0;
  const Volume *const volume = g_machine->find(std::wstring(name) + L"\\");
  const std::wstring device = volume != nullptr ? volume->device : L"\\Device\\Nothing";
  return Put(device + L'\0' + L'\0', out, units, ERROR_INSUFFICIENT_BUFFER);
}

DWORD WINAPI FakeGetFullPathNameW(const wchar_t *path, DWORD units, wchar_t *out, wchar_t **name) {
  if (g_machine->fails("GetFullPathNameW")) return 0;
  if (g_machine->fails("GetFullPathNameW(too long)")) return units;
  return GetFullPathNameW(path, units, out, name);
}

HANDLE WINAPI FakeCreateFileW(const wchar_t *path, DWORD access, DWORD sharing, SECURITY_ATTRIBUTES *, DWORD how,
                              DWORD flags, HANDLE) {
  EXPECT_EQ(access & ~static_cast<DWORD>(FILE_READ_ATTRIBUTES), 0u);
  EXPECT_EQ(sharing, static_cast<DWORD>(FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE));
  EXPECT_EQ(how, static_cast<DWORD>(OPEN_EXISTING));
  if (g_machine->fails("CreateFileW")) return INVALID_HANDLE_VALUE;
  g_machine->open_handles++;
  g_machine->opened = path;
  if (flags == FILE_FLAG_BACKUP_SEMANTICS) return kFile;
  const std::wstring device = g_machine->opened.substr(4);
  const auto disk = g_machine->disks.find(device);
  if (disk != g_machine->disks.end() && disk->second.open != ERROR_SUCCESS) {
    g_machine->open_handles--;
    SetLastError(disk->second.open);
    return INVALID_HANDLE_VALUE;
  }
  g_handles.push_back(device);
  return reinterpret_cast<HANDLE>(0x10000 + 4 * (g_handles.size() - 1));
}

BOOL WINAPI FakeCloseHandle(HANDLE) {
  g_machine->open_handles--;
  SetLastError(ERROR_INVALID_HANDLE); /* whoever asks for the error after this is told nonsense */
  return TRUE;
}

BOOL WINAPI FakeDeviceIoControl(HANDLE device, DWORD control, void *in, DWORD in_size, void *out, DWORD out_size,
                                DWORD *told, OVERLAPPED *) {
  const std::wstring &name = g_handles[(reinterpret_cast<uintptr_t>(device) - 0x10000) / 4];
  *told = 0;
  if (control == IOCTL_STORAGE_CHECK_VERIFY2) {
    Volume *volume = g_machine->find(name + L"\\");
    if (volume == nullptr) volume = g_machine->find(L"\\\\?\\" + name + L"\\");
    SetLastError(volume->medium);
    return volume->medium == ERROR_SUCCESS;
  }
  const Disk &disk = g_machine->disks.at(name);
  const Reply *reply = nullptr;
  if (control == IOCTL_STORAGE_QUERY_PROPERTY) {
    EXPECT_GE(in_size, sizeof(STORAGE_PROPERTY_QUERY));
    const auto found = disk.properties.find(static_cast<const STORAGE_PROPERTY_QUERY *>(in)->PropertyId);
    if (found != disk.properties.end()) reply = &found->second;
  } else {
    const auto found = disk.controls.find(control);
    if (found != disk.controls.end()) reply = &found->second;
  }
  DWORD code = reply != nullptr ? reply->code : ERROR_INVALID_FUNCTION;
  if (code == ERROR_SUCCESS && reply->bytes.size() > out_size) code = reply->short_code;
  SetLastError(code);
  if (code != ERROR_SUCCESS) return FALSE;
  memcpy(out, reply->bytes.data(), reply->bytes.size());
  *told = static_cast<DWORD>(reply->bytes.size());
  return TRUE;
}

NTSTATUS NTAPI FakeNtQueryVolumeInformationFile(HANDLE file, IO_STATUS_BLOCK *, void *out, ULONG size,
                                                FS_INFORMATION_CLASS kind) {
  EXPECT_EQ(file, kFile);
  EXPECT_EQ(kind, FileFsFullSizeInformation);
  EXPECT_EQ(size, sizeof g_machine->space);
  if (g_machine->space_code != STATUS_SUCCESS) return g_machine->space_code;
  memcpy(out, &g_machine->space, sizeof g_machine->space);
  return STATUS_SUCCESS;
}

class MadeUpDisk : public testing::Test {
 protected:
  MadeUpDisk() {
    g_machine = &machine_;
    os_ = sondei_windows_os;
    os_.SetThreadErrorMode = FakeSetThreadErrorMode;
    os_.GetLogicalDriveStringsW = FakeGetLogicalDriveStringsW;
    os_.GetDriveTypeW = FakeGetDriveTypeW;
    os_.GetVolumeInformationW = FakeGetVolumeInformationW;
    os_.GetVolumeInformationByHandleW = FakeGetVolumeInformationByHandleW;
    os_.GetVolumeNameForVolumeMountPointW = FakeGetVolumeNameForVolumeMountPointW;
    os_.FindFirstVolumeW = FakeFindFirstVolumeW;
    os_.FindNextVolumeW = FakeFindNextVolumeW;
    os_.FindVolumeClose = FakeFindVolumeClose;
    os_.GetVolumePathNamesForVolumeNameW = FakeGetVolumePathNamesForVolumeNameW;
    os_.QueryDosDeviceW = FakeQueryDosDeviceW;
    os_.GetFullPathNameW = FakeGetFullPathNameW;
    os_.CreateFileW = FakeCreateFileW;
    os_.CloseHandle = FakeCloseHandle;
    os_.DeviceIoControl = FakeDeviceIoControl;
    os_.NtQueryVolumeInformationFile = FakeNtQueryVolumeInformationFile;
    options_.os_override = &override_;
    machine_.letters = std::wstring(L"C:\\\0\0", 5);
    machine_.space.TotalAllocationUnits.QuadPart = 1000;
    machine_.space.CallerAvailableAllocationUnits.QuadPart = 300;
    machine_.space.ActualAvailableAllocationUnits.QuadPart = 400;
    machine_.space.SectorsPerAllocationUnit = 8;
    machine_.space.BytesPerSector = 512;
  }
  ~MadeUpDisk() override {
    EXPECT_EQ(machine_.mode, 0x8000u);
    EXPECT_EQ(machine_.open_handles, 0);
    g_handles.clear();
  }

  // Each row as "device|mountpoint|fstype|opts|flags", with its status where it is not OK.
  std::vector<std::string> Partitions(bool all) {
    const Context context(&options_);
    List<sonde_disk_partition_list> list;
    const sonde_status status = sonde_disk_partition_list_get(context, &list, all);
    std::vector<std::string> out;
    if (status != SONDE_OK) return {sonde_status_name(status)};
    for (const sonde_disk_partition &row : list) {
      out.push_back(text(row.device) + "|" + text(row.mountpoint) + "|" + text(row.fstype) + "|" + text(row.opts) +
                    "|" + std::to_string(row.flags) +
                    (row.status == SONDE_OK ? "" : "|"s + sonde_status_name(row.status)));
      EXPECT_EQ(row.valid, 0u);
    }
    error_ = context.error();
    return out;
  }

  Machine machine_;
  windows_os os_;
  sonde_os_override override_ = {"windows", &os_};
  sonde_options options_ = {};
  std::string error_;
};

Volume Mounted(std::wstring name, std::vector<std::wstring> paths, UINT type = DRIVE_FIXED) {
  Volume out;
  out.name = std::move(name);
  out.type = type;
  for (const std::wstring &path : paths) out.paths += path + L'\0';
  out.paths += L'\0';
  return out;
}

TEST_F(MadeUpDisk, EveryKindOfDrive) {
  machine_.letters = std::wstring(L"A:\\\0B:\\\0C:\\\0D:\\\0E:\\\0F:\\\0G:\\\0H:\\\0I:\\\0J:\\\0K:\\\0L:\\\0\0", 49);
  Volume floppy = Mounted(L"\\\\?\\Volume{a}\\", {L"A:\\"}, DRIVE_REMOVABLE);
  floppy.device = L"\\Device\\Floppy0";
  Volume windows = Mounted(L"\\\\?\\Volume{c}\\", {L"C:\\", L"C:\\mnt\\a\\"});
  windows.flags = FILE_VOLUME_IS_COMPRESSED;
  Volume empty_cdrom = Mounted(L"\\\\?\\Volume{d}\\", {L"D:\\"}, DRIVE_CDROM);
  empty_cdrom.medium = ERROR_NOT_READY;
  Volume cdrom = Mounted(L"\\\\?\\Volume{e}\\", {L"E:\\"}, DRIVE_CDROM);
  cdrom.flags = FILE_READ_ONLY_VOLUME;
  cdrom.file_system = L"UDF";
  Volume stick = Mounted(L"\\\\?\\Volume{f}\\", {L"F:\\"}, DRIVE_REMOVABLE);
  stick.file_system = L"exFAT";
  Volume reader = Mounted(L"\\\\?\\Volume{g}\\", {L"G:\\"}, DRIVE_REMOVABLE);  // a card reader that cannot tell
  reader.medium = ERROR_NOT_SUPPORTED;
  reader.code = ERROR_NOT_READY;
  Volume share = Mounted(L"H:\\", {L"H:\\"}, DRIVE_REMOTE);
  share.device = L"\\Device\\Mup\\;LanmanRedirector\\;H:0000000000012345\\server\\share";
  Volume memory = Mounted(L"\\\\?\\Volume{i}\\", {L"I:\\"}, DRIVE_RAMDISK);
  Volume locked = Mounted(L"\\\\?\\Volume{j}\\", {L"J:\\"});
  locked.code = ERROR_ACCESS_DENIED;
  Volume substituted = Mounted(L"K:\\", {L"K:\\"});
  substituted.device = L"\\??\\C:\\folder";
  Volume old_reader = Mounted(L"\\\\?\\Volume{l}\\", {L"L:\\"}, DRIVE_REMOVABLE);
  old_reader.medium = ERROR_INVALID_FUNCTION;
  old_reader.file_system = L"FAT";
  machine_.volumes = {floppy, windows, empty_cdrom, cdrom,       stick,     reader,
                      share,  memory,  locked,      substituted, old_reader};
  const std::vector<std::string> disks = {
      "\\\\?\\Volume{c}\\|C:\\|NTFS|rw,compressed,fixed|0",
      "\\\\?\\Volume{e}\\|E:\\|UDF|ro,cdrom|1",
      "\\\\?\\Volume{f}\\|F:\\|exFAT|rw,removable|0",
      "\\\\server\\share|H:\\||remote|2",
      "\\\\?\\Volume{j}\\|J:\\||fixed|0|SONDE_ERR_ACCESS",
      "K:\\|K:\\|NTFS|rw,fixed|0",
      "\\\\?\\Volume{l}\\|L:\\|FAT|rw,removable|0",
      "\\\\?\\Volume{c}\\|C:\\mnt\\a\\|NTFS|rw,compressed,fixed|0",
  };
  EXPECT_EQ(Partitions(false), disks);
  EXPECT_EQ(error_, "SONDE_ERR_ACCESS: GetVolumeInformationW J:\\: ERROR_ACCESS_DENIED (not permitted)");
  const std::vector<std::string> all = {
      "A:\\|A:\\||removable|0",
      "B:\\|B:\\||unknown|0",
      disks[0],
      "D:\\|D:\\||cdrom|0",
      disks[1],
      disks[2],
      "G:\\|G:\\||removable|0",
      disks[3],
      "\\\\?\\Volume{i}\\|I:\\|NTFS|rw,ramdisk|4",
      disks[4],
      disks[5],
      disks[6],
      disks[7],
  };
  EXPECT_EQ(Partitions(true), all);
  EXPECT_EQ(machine_.touched.count(L"A:\\"), 0u) << "a floppy turned";
  EXPECT_EQ(machine_.touched.count(L"D:\\"), 0u) << "an empty drive was asked";
  EXPECT_EQ(machine_.touched.count(L"H:\\"), 0u) << "a server was asked";
}

TEST_F(MadeUpDisk, FoldersOfEveryKind) {
  Volume windows = Mounted(L"\\\\?\\Volume{c}\\", {L"C:\\"});
  Volume only_folder = Mounted(L"\\\\?\\Volume{x}\\", {L"C:\\\x4e2d\\", L"C:\\" + std::wstring(3000, L'f') + L"\\"});
  Volume nowhere = Mounted(L"\\\\?\\Volume{y}\\", {});
  Volume gone = Mounted(L"\\\\?\\Volume{z}\\", {});
  gone.paths_code = ERROR_FILE_NOT_FOUND;
  Volume refused = gone;
  refused.name = L"\\\\?\\Volume{r}\\";
  refused.paths_code = ERROR_ACCESS_DENIED;
  Volume torn = Mounted(L"\\\\?\\Volume{t}\\", {});
  torn.paths = L"C:\\torn";
  Volume empty_cdrom = Mounted(L"\\\\?\\Volume{d}\\", {L"C:\\cd\\"}, DRIVE_CDROM);
  empty_cdrom.medium = ERROR_NOT_READY;
  machine_.volumes = {windows, only_folder, nowhere, gone, refused, torn, empty_cdrom};
  std::vector<std::string> expected = {
      "\\\\?\\Volume{c}\\|C:\\|NTFS|rw,fixed|0",
      "\\\\?\\Volume{x}\\|C:\\中\\|NTFS|rw,fixed|0",
      "\\\\?\\Volume{x}\\|C:\\" + std::string(3000, 'f') + "\\|NTFS|rw,fixed|0",
      "\\\\?\\Volume{r}\\||||0|SONDE_ERR_ACCESS",
      "\\\\?\\Volume{t}\\||||0|SONDE_ERR_PARSE",
  };
  EXPECT_EQ(Partitions(false), expected);
  expected.push_back("\\\\?\\Volume{d}\\|C:\\cd\\||cdrom|0");
  EXPECT_EQ(Partitions(true), expected);
}

TEST_F(MadeUpDisk, CallsForPartitionsThatFail) {
  machine_.volumes = {Mounted(L"\\\\?\\Volume{c}\\", {L"C:\\"}), Mounted(L"\\\\?\\Volume{d}\\", {L"C:\\d\\"})};
  const std::string letter = "\\\\?\\Volume{c}\\|C:\\|NTFS|rw,fixed|0";
  const std::string folder = "\\\\?\\Volume{d}\\|C:\\d\\|NTFS|rw,fixed|0";
  const struct {
    const char *function;
    DWORD code;
    std::vector<std::string> expected;
  } rows[] = {
      {"GetLogicalDriveStringsW", ERROR_ACCESS_DENIED, {"SONDE_ERR_ACCESS"}},
      {"GetVolumeNameForVolumeMountPointW", ERROR_ACCESS_DENIED, {"C:\\|C:\\|NTFS|rw,fixed|0", folder}},
      {"QueryDosDeviceW(letter)", ERROR_ACCESS_DENIED, {letter, folder}},
      {"FindFirstVolumeW", ERROR_ACCESS_DENIED, {letter, "||||0|SONDE_ERR_ACCESS"}},
      {"FindFirstVolumeW", ERROR_NO_MORE_FILES, {letter}},
      {"FindNextVolumeW", ERROR_ACCESS_DENIED, {letter, "||||0|SONDE_ERR_ACCESS"}},
      {"FindNextVolumeW", ERROR_NO_SYSTEM_RESOURCES, {"SONDE_ERR_NO_MEMORY"}},
      {"QueryDosDeviceW(letter)", ERROR_INSUFFICIENT_BUFFER, {letter, folder}},
      {"SetThreadErrorMode", ERROR_INVALID_PARAMETER, {letter, folder}},
  };
  for (const auto &row : rows) {
    SCOPED_TRACE(std::string(row.function) + " " + std::to_string(row.code));
    machine_.fail = {{row.function, row.code}};
    EXPECT_EQ(Partitions(true), row.expected);
  }
  machine_.fail.clear();
  machine_.volumes[0].code = ERROR_NOT_ENOUGH_MEMORY;
  EXPECT_EQ(Partitions(true), std::vector<std::string>{"SONDE_ERR_NO_MEMORY"});
  machine_.volumes[0].code = ERROR_SUCCESS;
  machine_.volumes[1].paths_code = ERROR_MORE_DATA;  // for ever
  EXPECT_EQ(Partitions(true), (std::vector<std::string>{letter, "\\\\?\\Volume{d}\\||||0|SONDE_ERR_OS"}));
  machine_.letters = L"C:\\";  // no NUL
  EXPECT_EQ(Partitions(true), std::vector<std::string>{"SONDE_ERR_PARSE"});
  machine_.letters = std::wstring(200, L'C');
  EXPECT_EQ(Partitions(true), std::vector<std::string>{"SONDE_ERR_OS"});
}

TEST_F(MadeUpDisk, NoMemoryForPartitions) {
  machine_.volumes = {Mounted(L"\\\\?\\Volume{c}\\", {L"C:\\", L"C:\\" + std::wstring(2000, L'f') + L"\\"})};
  expect_no_memory_each_time(options_, [](sonde *context) {
    List<sonde_disk_partition_list> list;
    return sonde_disk_partition_list_get(context, &list, true);
  });
}

TEST_F(MadeUpDisk, Space) {
  const Context context(&options_);
  sonde_disk_usage usage = {};
  ASSERT_EQ(sonde_disk_usage_get(context, &usage, "C:\\a", SONDE_NO_TIMEOUT), SONDE_OK) << context.error();
  EXPECT_EQ(usage.total, 4096000u);
  EXPECT_EQ(usage.used, 2457600u);
  EXPECT_EQ(usage.free, 1228800u);
  EXPECT_EQ(usage.reserved, 409600u);
  EXPECT_EQ(usage.block_size, 4096u);
  EXPECT_FALSE(usage.read_only);
  EXPECT_EQ(usage.valid, static_cast<uint64_t>(SONDE_DISK_USAGE_SPACE | SONDE_DISK_USAGE_READ_ONLY));

  machine_.space.TotalAllocationUnits.QuadPart = 350;  // a quota: the disk has more unused than the caller may have
  machine_.volume_flags = FILE_READ_ONLY_VOLUME;
  ASSERT_EQ(sonde_disk_usage_get(context, &usage, "C:\\a", SONDE_NO_TIMEOUT), SONDE_OK);
  EXPECT_EQ(usage.total, 350u * 4096);
  EXPECT_EQ(usage.used, 50u * 4096);
  EXPECT_EQ(usage.free, 300u * 4096);
  EXPECT_EQ(usage.reserved, 0u);
  EXPECT_TRUE(usage.read_only);

  machine_.space.CallerAvailableAllocationUnits.QuadPart = 500;  // more than there is
  ASSERT_EQ(sonde_disk_usage_get(context, &usage, "C:\\a", SONDE_NO_TIMEOUT), SONDE_OK);
  EXPECT_EQ(usage.used, 0u);
  EXPECT_EQ(usage.free, usage.total);
}

TEST_F(MadeUpDisk, CallsForSpaceThatFail) {
  const Context context(&options_);
  sonde_disk_usage usage = {};
  const auto ask = [&] { return sonde_disk_usage_get(context, &usage, "C:\\a", SONDE_NO_TIMEOUT); };
  machine_.fail = {{"GetFullPathNameW", ERROR_INVALID_NAME}};
  EXPECT_EQ(ask(), SONDE_ERR_OS);
  machine_.fail = {{"GetFullPathNameW(too long)", ERROR_SUCCESS}};  // for ever
  EXPECT_EQ(ask(), SONDE_ERR_OS);
  machine_.fail = {{"CreateFileW", ERROR_ACCESS_DENIED}};
  EXPECT_EQ(ask(), SONDE_ERR_ACCESS);
  EXPECT_EQ(context.error(), "SONDE_ERR_ACCESS: CreateFileW C:\\a: ERROR_ACCESS_DENIED (not permitted)");
  machine_.fail = {{"GetVolumeInformationByHandleW", ERROR_ACCESS_DENIED}};
  EXPECT_EQ(ask(), SONDE_OK);
  EXPECT_EQ(usage.valid, static_cast<uint64_t>(SONDE_DISK_USAGE_SPACE));
  machine_.fail = {{"SetThreadErrorMode", ERROR_ACCESS_DENIED}};
  EXPECT_EQ(ask(), SONDE_OK);
  machine_.fail.clear();
  machine_.space_code = STATUS_ACCESS_DENIED;
  EXPECT_EQ(ask(), SONDE_ERR_ACCESS);
  machine_.space_code = STATUS_SUCCESS;
  machine_.space.TotalAllocationUnits.QuadPart = -1;
  EXPECT_EQ(ask(), SONDE_ERR_OS);
  EXPECT_NE(context.error().find("ERROR_ARITHMETIC_OVERFLOW"), std::string::npos) << context.error();
  expect_no_memory_each_time(options_, [](sonde *c) {
    g_machine->space.TotalAllocationUnits.QuadPart = 1000;
    sonde_disk_usage out = {};
    return sonde_disk_usage_get(c, &out, "C:\\a", SONDE_NO_TIMEOUT);
  });
}

TEST_F(MadeUpDisk, NoTimeoutForWhatLiesBehindANetwork) {
  const Context context(&options_);
  machine_.volumes = {Mounted(L"H:\\", {L"H:\\"}, DRIVE_REMOTE), Mounted(L"C:\\", {L"C:\\"})};
  const struct {
    const char *path;
    bool is_remote;
  } rows[] = {
      {"\\\\server\\share", true},
      {"//server/share/x", true},
      {"\\\\?\\UNC\\server\\share", true},
      {"\\\\?\\unc\\server\\share", true},
      {"H:\\x", true},
      {"h:/x", true},
      {"\\\\?\\H:\\x", true},
      {"C:\\x", false},
      {"\\\\?\\C:\\x", false},
      {"\\\\.\\C:\\x", false},
      {"\\\\?\\Volume{c}\\x", false},
      {"\\\\?\\U", false},
      {"\\\\?\\", false},
  };
  for (const auto &row : rows) {
    SCOPED_TRACE(row.path);
    sonde_disk_usage usage = {};
    machine_.volumes[0].paths = std::wstring(L"H:\\\0h:\\\0\0", 9);
    EXPECT_EQ(sonde_disk_usage_get(context, &usage, row.path, 5 * SONDE_NSEC_PER_SEC),
              row.is_remote ? SONDE_ERR_UNSUPPORTED : SONDE_OK)
        << context.error();
    EXPECT_EQ(context.error().find("network drive with a timeout") != std::string::npos, row.is_remote);
    EXPECT_EQ(sonde_disk_usage_get(context, &usage, row.path, SONDE_NO_TIMEOUT), SONDE_OK) << context.error();
  }
}

TEST_F(MadeUpDisk, LongPathsHaveTheirPrefix) {
  const Context context(&options_);
  const std::wstring tail = L"\\" + std::wstring(300, L'x');
  const struct {
    std::wstring path, opened;
  } rows[] = {
      {L"C:\\short", L"C:\\short"},
      {L"C:/forward/slashes", L"C:\\forward\\slashes"},
      {L"C:" + tail, L"\\\\?\\C:" + tail},
      {L"\\\\server\\share" + tail, L"\\\\?\\UNC\\server\\share" + tail},
      {L"\\\\?\\C:" + tail, L"\\\\?\\C:" + tail},
      {L"\\\\?\\UNC\\server\\share" + tail, L"\\\\?\\UNC\\server\\share" + tail},
      {L"C:" + tail + std::wstring(20000, L'y'), L"\\\\?\\C:" + tail + std::wstring(20000, L'y')},
  };
  for (const auto &row : rows) {
    sonde_disk_usage usage = {};
    EXPECT_EQ(sonde_disk_usage_get(context, &usage, Narrow(row.path).c_str(), SONDE_NO_TIMEOUT), SONDE_OK)
        << context.error();
    EXPECT_EQ(Narrow(machine_.opened), Narrow(row.opened));
  }
}

DISK_PERFORMANCE Performance(LONGLONG base) {
  DISK_PERFORMANCE out = {};
  out.BytesRead.QuadPart = base + 1;
  out.BytesWritten.QuadPart = base + 2;
  out.ReadTime.QuadPart = base + 3;
  out.WriteTime.QuadPart = base + 4;
  out.IdleTime.QuadPart = base + 5;
  out.ReadCount = static_cast<DWORD>(base + 6);
  out.WriteCount = static_cast<DWORD>(base + 7);
  out.QueueDepth = static_cast<DWORD>(base + 8);
  out.QueryTime.QuadPart = base + 9;
  return out;
}

TEST_F(MadeUpDisk, CountersOfDisksWithGaps) {
  machine_.names = std::wstring(
      L"C:\0PhysicalDrive7\0CdRom0\0PhysicalDrive11\0PhysicalDrive0\0PhysicalDrive1\0PhysicalDriveX\0PhysicalDrive2\0"
      L"PhysicalDrive3\0PhysicalDrive4\0PhysicalDrive5\0\0",
      163);
  machine_.disks[L"PhysicalDrive0"].controls[IOCTL_DISK_PERFORMANCE] = {0, Bytes(Performance(100))};
  machine_.disks[L"PhysicalDrive1"].controls[IOCTL_DISK_PERFORMANCE] = {
      0, Bytes(Performance(1000)) + std::string(5000, 'x')};
  machine_.disks[L"PhysicalDrive2"].controls[IOCTL_DISK_PERFORMANCE] = {ERROR_INVALID_FUNCTION, ""};
  machine_.disks[L"PhysicalDrive3"].controls[IOCTL_DISK_PERFORMANCE] = {ERROR_NOT_SUPPORTED, ""};
  machine_.disks[L"PhysicalDrive4"].open = ERROR_FILE_NOT_FOUND;
  machine_.disks[L"PhysicalDrive5"].open = ERROR_ACCESS_DENIED;
  machine_.disks[L"PhysicalDrive7"].controls[IOCTL_DISK_PERFORMANCE] = {0, Bytes(Performance(10000)), ERROR_MORE_DATA};
  machine_.disks[L"PhysicalDrive11"].controls[IOCTL_DISK_PERFORMANCE] = {0, Bytes(Performance(-1))};
  const Context context(&options_);
  List<sonde_disk_io_list> list;
  ASSERT_EQ(sonde_disk_io_list_get(context, &list), SONDE_OK) << context.error();
  const struct {
    const char *name;
    sonde_status status;
    uint64_t base;
  } expected[] = {
      {"PhysicalDrive0", SONDE_OK, 100},
      {"PhysicalDrive1", SONDE_OK, 1000},
      {"PhysicalDrive2", SONDE_ERR_UNSUPPORTED, 0},
      {"PhysicalDrive3", SONDE_ERR_UNSUPPORTED, 0},
      {"PhysicalDrive5", SONDE_ERR_ACCESS, 0},
      {"PhysicalDrive7", SONDE_OK, 10000},
      {"PhysicalDrive11", SONDE_OK, UINT64_MAX},
  };
  ASSERT_EQ(list.count, sizeof expected / sizeof expected[0]);
  EXPECT_EQ(list.bad, 3u);
  for (size_t i = 0; i < list.count; i++) {
    const sonde_disk_io &row = list[i];
    SCOPED_TRACE(expected[i].name);
    EXPECT_EQ(text(row.name), expected[i].name);
    EXPECT_EQ(row.status, expected[i].status);
    EXPECT_FALSE(row.partition);
    if (row.status != SONDE_OK) {
      EXPECT_EQ(row.valid, 0u);
      continue;
    }
    EXPECT_EQ(row.valid, static_cast<uint64_t>(SONDE_DISK_IO_COUNTS | SONDE_DISK_IO_BYTES | SONDE_DISK_IO_TIMES |
                                               SONDE_DISK_IO_IN_FLIGHT));
    EXPECT_EQ(row.read_bytes, expected[i].base + 1);
    EXPECT_EQ(row.write_bytes, expected[i].base + 2);
    EXPECT_EQ(row.read_time, (expected[i].base + 3) * 100);
    EXPECT_EQ(row.write_time, (expected[i].base + 4) * 100);
    EXPECT_EQ(row.read_count, expected[i].base + 6);
    EXPECT_EQ(row.write_count, expected[i].base + 7);
    EXPECT_EQ(row.in_flight, expected[i].base + 8);
  }
}

TEST_F(MadeUpDisk, CallsForDisksThatFail) {
  machine_.names = std::wstring(L"PhysicalDrive0\0\0", 16);
  Disk &disk = machine_.disks[L"PhysicalDrive0"];
  const Context context(&options_);
  List<sonde_disk_io_list> io;
  List<sonde_disk_device_list> devices;
  disk.controls[IOCTL_DISK_PERFORMANCE] = {ERROR_INSUFFICIENT_BUFFER, ""};  // for ever
  ASSERT_EQ(sonde_disk_io_list_get(context, &io), SONDE_OK);
  EXPECT_EQ(io[0].status, SONDE_ERR_OS);
  EXPECT_EQ(context.error(),
            "SONDE_ERR_OS: IOCTL_DISK_PERFORMANCE PhysicalDrive0: ERROR_INSUFFICIENT_BUFFER (the "
            "operating system reported an error)");
  disk.controls[IOCTL_DISK_PERFORMANCE] = {0, "short"};
  ASSERT_EQ(sonde_disk_io_list_get(context, &io), SONDE_OK);
  EXPECT_EQ(io[0].status, SONDE_ERR_PARSE);
  disk.controls[IOCTL_DISK_PERFORMANCE] = {ERROR_NO_SYSTEM_RESOURCES, ""};
  EXPECT_EQ(sonde_disk_io_list_get(context, &io), SONDE_ERR_NO_MEMORY);
  disk.open = ERROR_TOO_MANY_OPEN_FILES;
  EXPECT_EQ(sonde_disk_io_list_get(context, &io), SONDE_ERR_NO_MEMORY);
  EXPECT_EQ(sonde_disk_device_list_get(context, &devices), SONDE_ERR_NO_MEMORY);
  disk.open = ERROR_ACCESS_DENIED;
  ASSERT_EQ(sonde_disk_device_list_get(context, &devices), SONDE_OK);
  ASSERT_EQ(devices.count, 1u);
  EXPECT_EQ(devices[0].status, SONDE_ERR_ACCESS);
  EXPECT_EQ(text(devices[0].name), "PhysicalDrive0");
  disk.open = ERROR_PATH_NOT_FOUND;
  ASSERT_EQ(sonde_disk_device_list_get(context, &devices), SONDE_OK);
  EXPECT_EQ(devices.count, 0u);
  machine_.fail = {{"QueryDosDeviceW", ERROR_ACCESS_DENIED}};
  EXPECT_EQ(sonde_disk_io_list_get(context, &io), SONDE_ERR_ACCESS);
  machine_.fail = {{"QueryDosDeviceW", ERROR_INSUFFICIENT_BUFFER}};  // for ever
  EXPECT_EQ(sonde_disk_io_list_get(context, &io), SONDE_ERR_OS);
  machine_.fail.clear();
  machine_.names = L"PhysicalDrive0";  // no NUL
  EXPECT_EQ(sonde_disk_io_list_get(context, &io), SONDE_ERR_PARSE);
}

TEST_F(MadeUpDisk, ALongListOfNames) {
  for (int i = 0; i < 20000; i++) machine_.names += L"HarddiskVolume" + std::to_wstring(i) + L'\0';
  machine_.names += std::wstring(L"PhysicalDrive3\0\0", 16);
  machine_.disks[L"PhysicalDrive3"].controls[IOCTL_DISK_PERFORMANCE] = {0, Bytes(Performance(1))};
  const Context context(&options_);
  List<sonde_disk_io_list> list;
  ASSERT_EQ(sonde_disk_io_list_get(context, &list), SONDE_OK) << context.error();
  ASSERT_EQ(list.count, 1u);
}

std::string Descriptor(uint8_t type, uint8_t removable, uint32_t bus) {
  const std::string texts = "ACME\0Disk 9\0v1\0S3\0"s;
  return LittleEndian(40, 4) + LittleEndian(36 + texts.size(), 4) + LittleEndian(type, 1) + LittleEndian(0, 1) +
         LittleEndian(removable, 1) + LittleEndian(0, 1) + LittleEndian(36, 4) + LittleEndian(41, 4) +
         LittleEndian(48, 4) + LittleEndian(51, 4) + LittleEndian(bus, 4) + LittleEndian(0, 4) + texts;
}

std::string Geometry(LONGLONG size) {
  DISK_GEOMETRY_EX out = {};
  out.DiskSize.QuadPart = size;
  return Bytes(out);
}

std::string Layout(std::vector<PARTITION_INFORMATION_EX> partitions) {
  DRIVE_LAYOUT_INFORMATION_EX head = {};
  head.PartitionCount = static_cast<DWORD>(partitions.size());
  std::string out = Bytes(head).substr(0, offsetof(DRIVE_LAYOUT_INFORMATION_EX, PartitionEntry));
  for (const PARTITION_INFORMATION_EX &partition : partitions) out += Bytes(partition);
  return out;
}

PARTITION_INFORMATION_EX Partition(DWORD number, LONGLONG offset, LONGLONG size) {
  PARTITION_INFORMATION_EX out = {};
  out.PartitionNumber = number;
  out.StartingOffset.QuadPart = offset;
  out.PartitionLength.QuadPart = size;
  return out;
}

TEST_F(MadeUpDisk, Devices) {
  machine_.names = std::wstring(L"CdRom0\0PhysicalDrive0\0PhysicalDrive1\0PhysicalDrive2\0PhysicalDrive3\0\0", 68);
  Disk &ssd = machine_.disks[L"PhysicalDrive0"];
  DEVICE_SEEK_PENALTY_DESCRIPTOR seek = {};
  STORAGE_ACCESS_ALIGNMENT_DESCRIPTOR blocks = {};
  blocks.BytesPerLogicalSector = 512;
  blocks.BytesPerPhysicalSector = 4096;
  ssd.properties[StorageDeviceProperty] = {0, Descriptor(0, 0, BusTypeSata)};
  ssd.properties[StorageDeviceIdProperty] = {
      0, LittleEndian(16, 4) + LittleEndian(36, 4) + LittleEndian(1, 4) + LittleEndian(1, 4) + LittleEndian(2, 4) +
             LittleEndian(8, 2) + LittleEndian(0, 2) + LittleEndian(0, 4) + "\x01\x23\x45\x67\x89\xab\xcd\xef"};
  ssd.properties[StorageDeviceSeekPenaltyProperty] = {0, Bytes(seek)};
  ssd.properties[StorageAccessAlignmentProperty] = {0, Bytes(blocks)};
  ssd.controls[IOCTL_DISK_GET_DRIVE_GEOMETRY_EX] = {0, Geometry(1 << 30)};
  ssd.controls[IOCTL_DISK_IS_WRITABLE] = {0, ""};
  ssd.controls[IOCTL_DISK_GET_DRIVE_LAYOUT_EX] = {
      0, Layout({Partition(1, 1048576, 5000), Partition(0, 0, 0), Partition(3, 9000000, 6000), Partition(4, -1, 1)})};
  Disk &hdd = machine_.disks[L"PhysicalDrive1"];
  seek.IncursSeekPenalty = TRUE;
  hdd.properties[StorageDeviceProperty] = {0, Descriptor(0, 1, BusTypeUsb)};
  hdd.properties[StorageDeviceIdProperty] = {0, "short"};
  hdd.properties[StorageDeviceSeekPenaltyProperty] = {0, Bytes(seek)};
  hdd.controls[IOCTL_DISK_GET_DRIVE_GEOMETRY_EX] = {0, Geometry(-1)};
  hdd.controls[IOCTL_DISK_IS_WRITABLE] = {ERROR_WRITE_PROTECT, ""};
  hdd.controls[IOCTL_DISK_GET_DRIVE_LAYOUT_EX] = {0, "short"};
  Disk &image = machine_.disks[L"PhysicalDrive2"];
  image.properties[StorageDeviceProperty] = {0, Descriptor(0, 0, BusTypeFileBackedVirtual)};
  image.properties[StorageDeviceSeekPenaltyProperty] = {0, Bytes(seek)};
  image.properties[StorageAccessAlignmentProperty] = {0, "short"};
  Disk &silent = machine_.disks[L"PhysicalDrive3"];
  silent.properties[StorageDeviceProperty] = {0, "short"};
  machine_.disks[L"CdRom0"].properties[StorageDeviceProperty] = {0, Descriptor(5, 1, BusTypeAtapi)};

  const Context context(&options_);
  List<sonde_disk_device_list> list;
  ASSERT_EQ(sonde_disk_device_list_get(context, &list), SONDE_OK) << context.error();
  std::vector<std::string> out;
  for (const sonde_disk_device &row : list) {
    out.push_back(text(row.name) + "|" + text(row.parent) + "|" + text(row.type) + "|" + text(row.vendor) + "|" +
                  text(row.model) + "|" + text(row.firmware) + "|" + text(row.serial) + text(row.wwn) + "|" +
                  std::to_string(row.size) + "|" + std::to_string(row.kind) + "|" + std::to_string(row.removable) +
                  std::to_string(row.read_only) + "|" + std::to_string(row.logical_block_size) + "/" +
                  std::to_string(row.physical_block_size) + "|" + std::to_string(row.valid) + "|" +
                  sonde_status_name(row.status));
  }
  const std::vector<std::string> expected = {
      "PhysicalDrive0||disk|ACME|Disk 9|v1|S3eui.0123456789abcdef|1073741824|2|00|512/4096|31|SONDE_OK",
      "Harddisk0Partition1|PhysicalDrive0|part|||||5000|2|00|512/4096|31|SONDE_OK",
      "Harddisk0Partition3|PhysicalDrive0|part|||||6000|2|00|512/4096|31|SONDE_OK",
      "|PhysicalDrive0||||||0|0|00|0/0|0|SONDE_ERR_PARSE",
      "PhysicalDrive1||disk|ACME|Disk 9|v1|S3|0|1|11|0/0|14|SONDE_OK",
      "PhysicalDrive2||disk|ACME|Disk 9|v1|S3|0|6|00|0/0|6|SONDE_OK",
      "PhysicalDrive3||disk|||||0|0|00|0/0|0|SONDE_OK",
      "CdRom0||rom|ACME|Disk 9|v1|S3|0|3|10|0/0|6|SONDE_OK",
  };
  EXPECT_EQ(out, expected);

  for (const int property : {StorageDeviceProperty, StorageDeviceIdProperty, StorageDeviceSeekPenaltyProperty,
                             StorageAccessAlignmentProperty}) {
    const Reply kept = ssd.properties[property];
    ssd.properties[property] = {ERROR_NO_SYSTEM_RESOURCES, ""};
    EXPECT_EQ(sonde_disk_device_list_get(context, &list), SONDE_ERR_NO_MEMORY);
    ssd.properties[property] = kept;
  }
  for (const DWORD control : {IOCTL_DISK_GET_DRIVE_GEOMETRY_EX, IOCTL_DISK_GET_DRIVE_LAYOUT_EX}) {
    const Reply kept = ssd.controls[control];
    ssd.controls[control] = {ERROR_NO_SYSTEM_RESOURCES, ""};
    EXPECT_EQ(sonde_disk_device_list_get(context, &list), SONDE_ERR_NO_MEMORY);
    ssd.controls[control] = kept;
  }
  expect_no_memory_each_time(options_, [](sonde *c) {
    List<sonde_disk_device_list> devices;
    return sonde_disk_device_list_get(c, &devices);
  });
  expect_no_memory_each_time(options_, [](sonde *c) {
    List<sonde_disk_io_list> io;
    return sonde_disk_io_list_get(c, &io);
  });
}

}  // namespace
