// Sealed files that this program would not write: anybody can seal for a public key.
#include "flow/setup/sealed_file.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace {

namespace fs = std::filesystem;

struct Folder {
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "sealed-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  [[nodiscard]] std::string file(const std::string& name) const { return path / name; }
  fs::path path;
};

flow::SealedHead head() {
  return {"dump", "1.2.3", "sqlite", 1, base::parse_rfc3339("2026-11-29T09:00:00Z").value(), {}};
}

std::string length(std::uint64_t size) {
  std::string octets;
  for (int i = 24; i >= 0; i -= 8) octets.push_back(static_cast<char>(size >> i & 0xff));
  return octets;
}

/// A file with the plain octets of one piece, under a key of its maker.
std::string seal(const std::string& head, const base::Secret& key, const std::string& plain) {
  crypto::StreamSealer sealer(key);
  std::string all = head + sealer.start();
  const base::Bytes piece = sealer.seal(plain, true, head);
  return all + length(piece.size()) + piece;
}

}  // namespace

TEST_CASE("an item that is declared larger than its file is refused, and so is one that is larger than any") {
  const Folder folder;
  const auto keys = crypto::make_recipient();
  {
    auto writer = flow::SealedFileWriter::make(folder.file("good"), head(), keys.public_key);
    REQUIRE(writer);
    REQUIRE(writer->add('M', "manifest"));
    REQUIRE(writer->finish("end"));
  }
  std::ostringstream text;
  text << std::ifstream(folder.file("good"), std::ios::binary).rdbuf();
  const std::string whole = text.str();
  const std::string its_head = whole.substr(0, whole.find('\n', whole.find('\n') + 1) + 1);
  const base::Secret key = crypto::make_stream_key();
  const auto first_of = [&](const std::string& plain) {
    std::ofstream(folder.file("made"), std::ios::binary | std::ios::trunc) << seal(its_head, key, plain);
    auto reader = flow::SealedFileReader::open(folder.file("made"), key);
    REQUIRE(reader);
    return reader->next();
  };
  const std::string some(100, 'x');
  CHECK(first_of("R" + length(some.size()) + some).value().octets == some);
  CHECK(first_of("R" + length(some.size() + 1) + some).error().code == base::Code::invalid_input);
  CHECK(first_of("R" + length(flow::most_sealed_item) + some).error().code == base::Code::invalid_input);
  CHECK(first_of("R" + length(0xffffffff) + some).error().code == base::Code::invalid_input);
}

TEST_CASE("a value that no reader would take is not written, and says so") {
  const Folder folder;
  const auto keys = crypto::make_recipient();
  auto writer = flow::SealedFileWriter::make(folder.file("dump"), head(), keys.public_key);
  REQUIRE(writer);
  const base::Bytes large(flow::most_sealed_item + 1, 'x');
  CHECK(writer->add('R', large).error().code == base::Code::too_many);
  CHECK(writer->add('R', base::BytesView(large).substr(1)));
}
