// Files of backups and dumps: as they stand, and sealed by somebody who has the public key, which is no secret, around
// items of any kind and length.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

#include "crypto/digest/digest.hpp"
#include "flow/setup/sealed_file.hpp"

namespace {

// A file in memory with a path.
class File {
 public:
  explicit File(base::BytesView octets) : number_(::memfd_create("sealed", MFD_CLOEXEC)) {
    if (::write(number_, octets.data(), octets.size()) != static_cast<ssize_t>(octets.size())) __builtin_trap();
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { ::close(number_); }
  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(number_); }

 private:
  int number_;
};

const crypto::RecipientKeys& keys() {
  static const crypto::RecipientKeys made = crypto::make_recipient();
  return made;
}

base::Bytes length_of(std::size_t size) {
  base::Bytes octets;
  for (int i = 24; i >= 0; i -= 8) octets.push_back(static_cast<char>(size >> i & 0xff));
  return octets;
}

std::string line_of(base::BytesView sealed_key) {
  static const std::string id = base::to_hex(crypto::sha256(keys().public_key)).substr(0, 16);
  return R"({"kind":"dump","program":"1","database":"sqlite","schema":1,"made_at":"2026-01-01T00:00:00Z","key":")" +
         id + R"(","sealed_key":")" + base::to_base64url(sealed_key) + "\"}\n";
}

/// The plain octets in pieces: the first octet of each says how many of it follow.
base::Bytes seal(base::BytesView plain) {
  const base::Secret key = crypto::make_stream_key();
  const base::Bytes head = "CHANCERY SEALED FILE 1\n" + line_of(crypto::seal_for(keys().public_key, key).value());
  crypto::StreamSealer sealer(key);
  base::Bytes file = head + sealer.start();
  base::BytesView bound_to = head;
  do {
    const std::size_t wanted = plain.empty() ? 0 : static_cast<unsigned char>(plain.front()) + std::size_t{1};
    const base::BytesView piece = plain.substr(0, wanted);
    plain.remove_prefix(piece.size());
    const base::Bytes sealed = sealer.seal(piece, plain.empty(), bound_to);
    bound_to = {};
    file += length_of(sealed.size()) + sealed;
  } while (!plain.empty());
  return file;
}

/// Gives how many octets all items have.
std::size_t read(const base::Bytes& octets) {
  const File file(octets);
  auto reader = flow::SealedFileReader::open(file.path(), keys());
  if (!reader) return 0;
  std::size_t sum = 0;
  while (true) {
    const auto item = reader->next();
    if (!item) return sum;
    sum += item->octets.size() + 5;
    if (item->kind != 'E') continue;
    if (reader->digest().size() != 64) __builtin_trap();
    return sum;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::BytesView input(reinterpret_cast<const char*>(data), size);
  if (input.empty()) return 0;
  const base::BytesView rest = input.substr(1);
  switch (input.front() % 3) {
    case 0:  // nobody but the owner of the key can have sealed items for it
      if (read(base::Bytes(rest)) > rest.size()) __builtin_trap();
      break;
    case 1:
      if (read(seal(rest)) > rest.size()) __builtin_trap();
      break;
    default: {
      const auto known = flow::parse_public_key(rest);
      if (known && flow::parse_public_key(flow::print_public_key(*known)).value() != *known) __builtin_trap();
      const auto secret = flow::parse_secret_key(base::Secret(std::string(rest)));
      if (secret && flow::parse_secret_key(flow::print_secret_key(*secret)).value().public_key != secret->public_key) {
        __builtin_trap();
      }
    }
  }
  return 0;
}
