// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_interrupts.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Text(sondei_span span) { return std::string(span.data, span.len); }

std::string Parse(const std::string &text) {
  sondei_span in = sondei_span_of(text.data(), text.size());
  sondei_span header = sondei_span_of(nullptr, 0);
  const size_t columns = sondei_linux_take_interrupt_columns(&in, &header);
  std::string all = std::to_string(columns) + "\n";
  struct sondei_linux_interrupt row;
  sondei_parse_error err;
  while (sondei_linux_next_interrupt(&row, &err, &in, columns)) {
    if (err.expected != nullptr) all += "bad at " + std::to_string(err.position) + ": " + err.expected + "|";
    all += Text(row.name) + "|" + std::to_string(row.count) + "|" + Text(row.description) + "\n";
  }
  EXPECT_EQ(in.len, 0u);
  EXPECT_EQ(err.expected, nullptr);
  return all;
}

struct Row {
  const char *origin;
  std::string text;
  std::string expected;
};

TEST(LinuxInterrupts, Table) {
  std::string wide = "     ";
  std::string wide_row = " 24:";
  for (int i = 0; i < 4096; i++) {
    wide += "CPU" + std::to_string(i) + " ";
    wide_row += " 1";
  }
  const Row rows[] = {
      {"x86_64",
       "           CPU0       CPU1       \n  2:         11          0   IO-APIC   2-edge      timer\n"
       "NMI:          1          2   Non-maskable interrupts\nERR:          0\nMIS:          3\n",
       "2\n2|11|IO-APIC   2-edge      timer\nNMI|3|Non-maskable interrupts\nERR|0|\nMIS|3|\n"},
      {"softirqs",
       "                    CPU0       CPU1       \n          HI:          0          1\n       TIMER:      "
       "64106      66490\n",
       "2\nHI|1|\nTIMER|130596|\n"},
      {"arm64: a description that begins with a number",
       "           CPU0       CPU1\n 11:    2734    3038     GICv3  27 Level     arch_timer\nIPI0:     5      6       "
       "Rescheduling interrupts\n 12: 1 2 27 Level x\n",
       "2\n11|5772|GICv3  27 Level     arch_timer\nIPI0|11|Rescheduling interrupts\n12|3|27 Level x\n"},
      {"CPU gaps: the columns are those that are online", "  CPU0 CPU2 CPU7\n 1: 1 2 4 XT-PIC timer\n",
       "3\n1|7|XT-PIC timer\n"},
      {"4,096 CPUs", wide + "\n" + wide_row + " IO-APIC\n", "4096\n24|4096|IO-APIC\n"},
      {"s390x", "           CPU0\nEXT:        12   External interrupts\n CLK:  3 [EXT] Clock Comparator\n",
       "1\nEXT|12|External interrupts\nCLK|3|[EXT] Clock Comparator\n"},
      {"PCI names hold colons", "  CPU0\n 28: 0 PCI-MSIX-0000:00:01.0 0-edge virtio0\n",
       "1\n28|0|PCI-MSIX-0000:00:01.0 0-edge virtio0\n"},
      {"a word that begins with digits is no count", "  CPU0 CPU1\n 28: 7 0000:00:01.0 x\n",
       "2\n28|7|0000:00:01.0 x\n"},
      {"a sum beyond 2^64", "  CPU0 CPU1\n 1: 18446744073709551615 1\n 2: 18446744073709551615 0\n",
       "2\nbad at 25: counts whose sum is below 2^64|1|18446744073709551615|\n2|18446744073709551615|\n"},
      {"a count beyond 2^64", "  CPU0\n 1: 18446744073709551616\n",
       "1\nbad at 4: counts whose sum is below 2^64|1|0|\n"},
      {"counts of one digit, parted by tabs", "  CPU0\tCPU1\n 1:\t9\t0\tx\n", "2\n1|9|x\n"},
      {"words that are not quite digits", "  CPU0\n 1: 4 :x\n 2: :5\n 3: /5\n",
       "1\n1|4|:x\nbad at 4: a count|2|0|\nbad at 4: a count|3|0|\n"},
      {"no counts", "  CPU0\nERR:\nX: y\n", "1\nbad at 4: a count|ERR|0|\nbad at 3: a count|X|0|\n"},
      {"no colon", "  CPU0\nabc 1 2\n", "1\nbad at 0: a colon||0|\n"},
      {"no line of CPUs", " 1: 2 3\n", "0\nbad at 3: a count|1|0|\n"},
      {"blank lines", "\n  CPU0\n\n 1: 2\n \n", "1\n1|2|\n"},
      {"garbage", std::string("\xff\x00\n", 3), std::string("0\nbad at 0: a colon||0|\n")},
      {"truncated", "  CPU0 CPU1\n 1: 5", "2\n1|5|\n"},
      {"empty", "", "0\n"},
  };
  for (const Row &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

TEST(LinuxInterrupts, OutIsUntouchedAtTheEnd) {
  struct sondei_linux_interrupt row = {};
  row.count = 4711;
  sondei_parse_error err = {9, "x"};
  sondei_span in = sondei_span_of("\n", 1);
  EXPECT_FALSE(sondei_linux_next_interrupt(&row, &err, &in, 2));
  EXPECT_EQ(row.count, 4711u);
}

// "cpu=count" of each row, as the columns say.
TEST(LinuxInterrupts, CountsOfEachCpu) {
  const std::string text = "\n  CPU0 CPU2 CPU7\n 1: 1 2 4 XT-PIC 5 timer\nERR: 9\n 2:\n 3: 1 x 3\n";
  sondei_span in = sondei_span_of(text.data(), text.size());
  sondei_span header;
  const size_t columns = sondei_linux_take_interrupt_columns(&in, &header);
  ASSERT_EQ(columns, 3u);
  std::string all;
  struct sondei_linux_interrupt row;
  sondei_parse_error err;
  while (sondei_linux_next_interrupt(&row, &err, &in, columns)) {
    sondei_span cpus = header;
    uint32_t cpu = 0;
    uint64_t count = 0;
    all += Text(row.name) + ":";
    for (size_t i = 0; i < row.num_counts; i++) {
      ASSERT_TRUE(sondei_linux_next_interrupt_cpu(&cpu, &cpus));
      ASSERT_TRUE(sondei_linux_next_interrupt_count(&count, &row.counts));
      all += " " + std::to_string(cpu) + "=" + std::to_string(count);
    }
    EXPECT_FALSE(sondei_linux_next_interrupt_count(&count, &row.counts));
    all += "\n";
  }
  EXPECT_EQ(all, "1: 0=1 2=2 7=4\nERR: 0=9\n2:\n3: 0=1\n");
}

TEST(LinuxInterrupts, NamesOfCpus) {
  for (const char *other : {"", " ", "CPU", "CPUx", "CPU1x", "CPU4294967296", "cpu1", "\xff"}) {
    sondei_span header = sondei_span_text(other);
    uint32_t cpu = 4711;
    EXPECT_FALSE(sondei_linux_next_interrupt_cpu(&cpu, &header)) << other;
    EXPECT_EQ(cpu, 4711u) << other;
  }
}

}  // namespace
