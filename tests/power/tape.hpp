// What the simulator of power failures records: every change that a program made to files in one folder, in order, and
// what it asked to be made durable. Written by power_failure.cpp, read by what_survives.cpp.
#pragma once

#include <cstdint>

namespace power {

enum class Kind : std::uint32_t {
  exists = 1,  // the file had this name at the start; no change
  create,      // the name now leads to a new, empty file
  remove,      // the name leads nowhere
  link,        // two names, separated by a zero: the file of the first has the second as well
  rename,      // two names, separated by a zero: the file of the first now has the second
  write,       // octets from the place `number` on
  size,        // the file now has `number` octets
  sync_file,   // what happened to the file before record `number` is durable
  sync_names,  // what happened to names before record `number` is durable
};

/// Then come `length` octets: names, or what was written. Records are numbered from 0.
struct Head {
  Kind kind;
  std::uint32_t file;  // files are numbered from 0; unused by names alone
  std::uint64_t number;
  std::uint64_t length;
};

}  // namespace power
