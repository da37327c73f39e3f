#include "flow/signing/chain_text.hpp"

namespace flow {
namespace {

// The whole size of the DER SEQUENCE at the front (X.690 §8.1.3); 0 = there is none.
std::size_t size_of_first(base::BytesView der) {
  if (der.size() < 2 || der[0] != '\x30') return 0;
  const auto first = static_cast<unsigned char>(der[1]);
  if (first < 0x80) return 2U + first;
  const std::size_t count = first & 0x7fU;
  if (count == 0 || count > 3 || der.size() < 2 + count) return 0;
  std::size_t size = 0;
  for (std::size_t i = 0; i < count; ++i) size = size << 8U | static_cast<unsigned char>(der[2 + i]);
  return 2 + count + size;
}

}  // namespace

base::Bytes join_chain(const std::vector<base::Bytes>& certificates) {
  base::Bytes joined;
  for (const base::Bytes& one : certificates) joined.append(one);
  return joined;
}

std::vector<base::Bytes> split_chain(base::BytesView joined) {
  std::vector<base::Bytes> certificates;
  while (!joined.empty()) {
    const std::size_t size = size_of_first(joined);
    if (size == 0 || size > joined.size()) break;
    certificates.emplace_back(joined.substr(0, size));
    joined.remove_prefix(size);
  }
  return certificates;
}

}  // namespace flow
