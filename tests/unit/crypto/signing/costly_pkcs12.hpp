// A PKCS#12 file that would take minutes to be opened.
#pragma once

#include <doctest/doctest.h>

#include "base/bytes.hpp"

namespace testing {

/// `file`: as crypto::encode_pkcs12 gives it; with two billion rounds for its MAC instead of 10,000.
inline base::Bytes with_endless_mac(base::Bytes file) {
  // The rounds of the MAC are its last number: 10,000 as 02 02 27 10. Two billion take two octets more.
  const std::size_t at = file.rfind(base::Bytes("\x02\x02\x27\x10", 4));
  REQUIRE(at != base::Bytes::npos);
  REQUIRE(at + 4 == file.size());
  file.replace(at, 4, base::Bytes("\x02\x04\x7f\xff\xff\xff", 6));
  // The sequences around it grow by as much.
  const std::size_t size = 256U * static_cast<unsigned char>(file[2]) + static_cast<unsigned char>(file[3]) + 2;
  file[2] = static_cast<char>(size / 256U);
  file[3] = static_cast<char>(size % 256U);
  const std::size_t mac = file.rfind(base::Bytes("\x30\x49\x30\x31", 4));
  REQUIRE(mac != base::Bytes::npos);
  file[mac + 1] = '\x4b';
  return file;
}

}  // namespace testing
