/* SPDX-License-Identifier: MIT */
/* windows_storage_descriptor.h - what a disk tells of itself: struct STORAGE_DEVICE_DESCRIPTOR, with text behind it. */
#ifndef SONDE_CORE_PARSE_WINDOWS_STORAGE_DESCRIPTOR_H
#define SONDE_CORE_PARSE_WINDOWS_STORAGE_DESCRIPTOR_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

/* Where its members lie, for the backend to hold against the system's header. */
enum {
  SONDEI_WINDOWS_STORAGE_SIZE = 4,
  SONDEI_WINDOWS_STORAGE_DEVICE_TYPE = 8,
  SONDEI_WINDOWS_STORAGE_REMOVABLE_MEDIA = 10,
  SONDEI_WINDOWS_STORAGE_VENDOR_ID_OFFSET = 12,
  SONDEI_WINDOWS_STORAGE_PRODUCT_ID_OFFSET = 16,
  SONDEI_WINDOWS_STORAGE_PRODUCT_REVISION_OFFSET = 20,
  SONDEI_WINDOWS_STORAGE_SERIAL_NUMBER_OFFSET = 24,
  SONDEI_WINDOWS_STORAGE_BUS_TYPE = 28,
  SONDEI_WINDOWS_STORAGE_HEADER_SIZE = 36 /* where RawDeviceProperties, and text, may begin */
};

struct sondei_windows_storage_descriptor {
  uint8_t device_type; /* of SCSI: 0 disk, 5 CD */
  bool has_removable_media;
  uint32_t bus; /* STORAGE_BUS_TYPE */
  /* ASCII, without the blanks around it; empty where the device does not tell. */
  sondei_span vendor;
  sondei_span product;
  sondei_span revision;
  sondei_span serial;
};

/* An offset that leads out of the reply says that there is no such text, as 0 does: drivers have both, and -1. */
sonde_status sondei_windows_parse_storage_descriptor(struct sondei_windows_storage_descriptor *out,
                                                     sondei_parse_error *err, sondei_span in);

#endif /* SONDE_CORE_PARSE_WINDOWS_STORAGE_DESCRIPTOR_H */
