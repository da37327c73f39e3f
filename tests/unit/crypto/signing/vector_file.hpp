// Known answers of NIST (CAVP) from Debian's package python3-cryptography-vectors: sections in brackets, then "name =
// value" lines, of which the last of a case is its result.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace testing {

struct VectorCase {
  std::string section;  // "P-256,SHA-256"
  std::map<std::string, std::string> values;
};

/// The cases of a file, each ended by a line "Result = …". Values that a case does not have are those before it.
inline std::vector<VectorCase> read_vectors(const std::string& name) {
  const std::filesystem::path folder = "/usr/lib/python3/dist-packages/cryptography_vectors/asymmetric";
  std::ifstream file(folder / name);
  REQUIRE_MESSAGE(file, "the vectors are missing: tools/install-deps.sh");
  std::vector<VectorCase> cases;
  VectorCase now;
  for (std::string line; std::getline(file, line);) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (line.starts_with("[")) now = {line.substr(1, line.size() - 2), {}};
    const std::size_t equals = line.find(" = ");
    if (equals == std::string::npos || line.starts_with("[") || line.starts_with("#")) continue;
    now.values[line.substr(0, equals)] = line.substr(equals + 3);
    if (line.starts_with("Result")) cases.push_back(now);
  }
  return cases;
}

inline base::Bytes octets_of(const VectorCase& one, const std::string& name) {
  std::string hex = one.values.at(name);
  if (hex.size() % 2 != 0) hex.insert(0, "0");
  return base::parse_hex(hex).value();
}

}  // namespace testing
