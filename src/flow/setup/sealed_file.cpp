#include "flow/setup/sealed_file.hpp"

#include <boost/json.hpp>
#include <functional>
#include <utility>

#include "base/json.hpp"
#include "crypto/digest/digest.hpp"
#include "crypto/signing/digest_stream.hpp"
#include "flow/setup/new_file.hpp"

namespace flow {
namespace {

namespace json = boost::json;

constexpr std::string_view magic = "CHANCERY SEALED FILE 1\n";
constexpr std::string_view public_label = "chancery-backup-public:";
constexpr std::string_view secret_label = "chancery-backup-secret:";
constexpr std::size_t most_head = 4096;
constexpr std::size_t plain_piece = std::size_t{64} * 1024;
constexpr std::size_t head_of_item = 5;

void append_length(base::Bytes& to, std::size_t size) {
  for (int i = 24; i >= 0; i -= 8) to.push_back(static_cast<char>(size >> i & 0xff));
}

std::uint64_t read_length(base::BytesView octets) {
  std::uint64_t length = 0;
  for (const char c : octets) length = length << 8 | static_cast<unsigned char>(c);
  return length;
}

std::string id_of_key(base::BytesView public_key) {
  return base::to_hex(crypto::sha256(public_key)).substr(0, 16);
}

std::string print_head(const SealedHead& head, base::BytesView sealed_key) {
  return base::JsonObject()
             .text("kind", head.kind)
             .text("program", head.program)
             .text("database", head.database)
             .number("schema", head.schema)
             .text("made_at", base::to_rfc3339(head.made_at))
             .text("key", head.key)
             .text("sealed_key", base::to_base64url(sealed_key))
             .finish() +
         "\n";
}

struct ReadHead {
  SealedHead head;
  base::Bytes sealed_key;
};

auto no_such_file() {
  return base::fail(base::Code::invalid_input, "it is no backup or dump of this program");
}

auto cut_off() {
  return base::fail(base::Code::invalid_input, "the file was cut off or altered");
}

base::Result<ReadHead> parse_head(std::string_view line) {
  boost::system::error_code error;
  const json::value parsed = json::parse(line, error);
  const auto* object = error ? nullptr : parsed.if_object();
  if (object == nullptr) return no_such_file();
  const auto text = [&](std::string_view name) {
    const auto* value = object->if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
  };
  ReadHead read;
  read.head.kind = text("kind");
  read.head.program = text("program");
  read.head.database = text("database");
  read.head.key = text("key");
  if (const auto* schema = object->if_contains("schema"); schema != nullptr && schema->is_int64()) {
    read.head.schema = schema->get_int64();
  }
  const auto made_at = base::parse_rfc3339(text("made_at"));
  auto sealed_key = base::parse_base64url(text("sealed_key"));
  if (!made_at || !sealed_key || read.head.schema < 1) return no_such_file();
  read.head.made_at = *made_at;
  read.sealed_key = std::move(*sealed_key);
  return read;
}

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

}  // namespace

std::string print_public_key(base::BytesView public_key) {
  return std::string(public_label) + base::to_base64url(public_key);
}

base::Secret print_secret_key(const crypto::RecipientKeys& keys) {
  return base::Secret(std::string(secret_label) + base::to_base64url(keys.secret_key.reveal()));
}

base::Result<base::Bytes> parse_public_key(std::string_view text) {
  text = trim(text);
  if (text.starts_with(secret_label)) {
    return base::fail(base::Code::invalid_input,
                      "that is the secret key; to seal, name the public one (FILE.pub), and keep the secret one apart");
  }
  auto octets = text.starts_with(public_label) ? base::parse_base64url(text.substr(public_label.size()))
                                               : base::fail(base::Code::invalid_input, "");
  if (!octets || octets->size() != 32) {
    return base::fail(base::Code::invalid_input, "it is no public key of `chancery backup --make-key`");
  }
  return octets;
}

base::Result<crypto::RecipientKeys> parse_secret_key(const base::Secret& text) {
  const std::string_view line = trim(text.reveal());
  auto octets = line.starts_with(secret_label) ? base::parse_base64url(line.substr(secret_label.size()))
                                               : base::fail(base::Code::invalid_input, "");
  if (!octets || octets->size() != 32) {
    return base::fail(base::Code::invalid_input, "it is no secret key of `chancery backup --make-key`");
  }
  crypto::RecipientKeys keys{{}, base::Secret(std::move(*octets))};
  ASSIGN_OR_RETURN(keys.public_key, crypto::public_key_of(keys.secret_key));
  return keys;
}

struct SealedFileWriter::Impl {
  Impl(NewFile made, base::Secret stream_key)
      : file(std::move(made)), key(std::move(stream_key)), sealer(key), digest(crypto::DigestKind::sha256) {}

  base::Result<void> write(base::BytesView octets) {
    digest.add(octets);
    return file.write(octets);
  }
  base::Result<void> write_piece(base::BytesView plain, bool is_last) {
    const base::Bytes sealed = sealer.seal(plain, is_last, std::exchange(bound_to, {}));
    base::Bytes length;
    append_length(length, sealed.size());
    RETURN_IF_ERROR(write(length));
    return write(sealed);
  }
  base::Result<void> append(base::BytesView octets) {
    while (!octets.empty()) {
      const std::size_t fits = std::min(plain_piece - waiting.size(), octets.size());
      waiting.append(octets.substr(0, fits));
      octets.remove_prefix(fits);
      if (waiting.size() < plain_piece) break;
      RETURN_IF_ERROR(write_piece(waiting, false));
      waiting.clear();
    }
    return {};
  }

  NewFile file;
  base::Secret key;
  crypto::StreamSealer sealer;
  crypto::DigestStream digest;
  base::Bytes bound_to;  // the head, to which the first piece is bound
  base::Bytes waiting;
};

SealedFileWriter::SealedFileWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SealedFileWriter::SealedFileWriter(SealedFileWriter&&) noexcept = default;
SealedFileWriter::~SealedFileWriter() = default;

base::Result<SealedFileWriter> SealedFileWriter::make(const std::string& path, SealedHead head,
                                                      base::BytesView public_key) {
  base::Secret key = crypto::make_stream_key();
  ASSIGN_OR_RETURN(const base::Bytes sealed_key, crypto::seal_for(public_key, key));
  head.key = id_of_key(public_key);
  ASSIGN_OR_RETURN(NewFile file, NewFile::make(path));
  auto impl = std::make_unique<Impl>(std::move(file), std::move(key));
  impl->bound_to = std::string(magic) + print_head(head, sealed_key);
  RETURN_IF_ERROR(impl->write(impl->bound_to));
  RETURN_IF_ERROR(impl->write(impl->sealer.start()));
  return SealedFileWriter(std::move(impl));
}

base::Result<void> SealedFileWriter::add(char kind, base::BytesView octets) {
  if (octets.size() > most_sealed_item) {
    return base::fail(base::Code::too_many, "a value is larger than 64 MiB, which is more than such a file can hold");
  }
  base::Bytes head(1, kind);
  append_length(head, octets.size());
  RETURN_IF_ERROR(impl_->append(head));
  return impl_->append(octets);
}

base::Result<std::string> SealedFileWriter::finish(base::BytesView end) {
  RETURN_IF_ERROR(add('E', end));
  RETURN_IF_ERROR(impl_->write_piece(impl_->waiting, true));
  RETURN_IF_ERROR(impl_->file.keep());
  return base::to_hex(impl_->digest.finish());
}

const base::Secret& SealedFileWriter::stream_key() const {
  return impl_->key;
}

struct SealedFileReader::Impl {
  explicit Impl(OpenFile opened) : file(std::move(opened)), digest(crypto::DigestKind::sha256) {}

  base::Result<base::Bytes> read(std::size_t size) {
    ASSIGN_OR_RETURN(base::Bytes octets, file.read(size));
    digest.add(octets);
    taken += octets.size();
    return octets;
  }
  /// What can still come at most. Whoever has the public key, which is no secret, can declare any length.
  [[nodiscard]] std::uint64_t count_rest() const {
    const auto size = static_cast<std::uint64_t>(file.size());
    return waiting.size() - at + (size > taken ? size - taken : 0);
  }
  base::Result<base::Bytes> take(std::size_t size) {
    base::Bytes octets;
    octets.reserve(size);
    while (octets.size() < size) {
      if (at == waiting.size()) RETURN_IF_ERROR(fill(1));
      const std::size_t fits = std::min(size - octets.size(), waiting.size() - at);
      octets.append(waiting, at, fits);
      at += fits;
    }
    return octets;
  }
  /// An octet after the other: a head is short.
  base::Result<std::string> read_line() {
    std::string line;
    while (line.size() < most_head) {
      ASSIGN_OR_RETURN(const base::Bytes one, read(1));
      if (one.empty()) break;
      line += one;
      if (one == "\n") return line;
    }
    return no_such_file();
  }
  base::Result<void> read_piece() {
    ASSIGN_OR_RETURN(const base::Bytes length, read(4));
    if (length.size() != 4) return cut_off();
    const std::uint64_t size = read_length(length);
    if (size > plain_piece + crypto::sealed_piece_overhead) return cut_off();
    ASSIGN_OR_RETURN(const base::Bytes sealed, read(static_cast<std::size_t>(size)));
    auto piece = opener->open(sealed, std::exchange(bound_to, {}));
    if (!piece) return cut_off();
    is_last = piece->is_last;
    waiting.erase(0, at);
    at = 0;
    waiting += piece->plain;
    return {};
  }
  /// Until so many octets are there.
  base::Result<void> fill(std::size_t size) {
    while (waiting.size() - at < size) {
      if (is_last) return cut_off();
      RETURN_IF_ERROR(read_piece());
    }
    return {};
  }

  OpenFile file;
  crypto::DigestStream digest;
  SealedHead head;
  base::Bytes bound_to;
  std::optional<crypto::StreamOpener> opener;
  base::Bytes waiting;
  std::size_t at = 0;       // of what is waiting
  std::uint64_t taken = 0;  // of the file
  bool is_last = false;
  std::string digest_text;
};

SealedFileReader::SealedFileReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SealedFileReader::SealedFileReader(SealedFileReader&&) noexcept = default;
SealedFileReader::~SealedFileReader() = default;

namespace {

using FindKey = std::function<base::Result<base::Secret>(const ReadHead&)>;

// Reads the head and begins the stream.
template <class Impl>
base::Result<std::unique_ptr<Impl>> begin_reading(const std::string& path, const FindKey& find_key) {
  ASSIGN_OR_RETURN(OpenFile file, OpenFile::open(path));
  auto impl = std::make_unique<Impl>(std::move(file));
  ASSIGN_OR_RETURN(const base::Bytes first, impl->read(magic.size()));
  if (first != magic) {
    if (!first.starts_with("CHANCERY SEALED FILE ")) return no_such_file();
    return base::fail(base::Code::invalid_input, "a newer program has written it");
  }
  ASSIGN_OR_RETURN(const std::string line, impl->read_line());
  ASSIGN_OR_RETURN(const ReadHead read, parse_head(line));
  ASSIGN_OR_RETURN(const base::Secret key, find_key(read));
  ASSIGN_OR_RETURN(const base::Bytes start, impl->read(crypto::stream_start_size));
  auto opener = crypto::StreamOpener::begin(key, start);
  if (!opener) return cut_off();
  impl->opener.emplace(std::move(*opener));
  impl->head = read.head;
  impl->bound_to = std::string(magic) + line;
  return impl;
}

}  // namespace

base::Result<SealedFileReader> SealedFileReader::open(const std::string& path, const crypto::RecipientKeys& keys) {
  const auto find_key = [&](const ReadHead& read) -> base::Result<base::Secret> {
    const std::string own = id_of_key(keys.public_key);
    if (read.head.key != own) {
      return base::fail(base::Code::invalid_input,
                        "it was sealed for the key " + read.head.key + ", and the key that was named is " + own);
    }
    auto key = crypto::open_sealed_for(keys, read.sealed_key);
    if (!key) return cut_off();
    return key;
  };
  ASSIGN_OR_RETURN(auto impl, begin_reading<Impl>(path, find_key));
  return SealedFileReader(std::move(impl));
}

base::Result<SealedFileReader> SealedFileReader::open(const std::string& path, const base::Secret& stream_key) {
  ASSIGN_OR_RETURN(auto impl,
                   begin_reading<Impl>(path, [&](const ReadHead&) { return base::Result<base::Secret>(stream_key); }));
  return SealedFileReader(std::move(impl));
}

const SealedHead& SealedFileReader::head() const {
  return impl_->head;
}

base::Result<SealedFileReader::Item> SealedFileReader::next() {
  RETURN_IF_ERROR(impl_->fill(head_of_item));
  Item item;
  item.kind = impl_->waiting[impl_->at];
  const std::uint64_t size = read_length(base::BytesView(impl_->waiting).substr(impl_->at + 1, 4));
  impl_->at += head_of_item;
  if (size > most_sealed_item || size > impl_->count_rest()) return cut_off();
  ASSIGN_OR_RETURN(item.octets, impl_->take(static_cast<std::size_t>(size)));
  if (item.kind != 'E') return item;
  // The last piece may be an empty one that is still to come.
  while (!impl_->is_last) RETURN_IF_ERROR(impl_->read_piece());
  ASSIGN_OR_RETURN(const base::Bytes behind, impl_->read(1));
  if (impl_->at != impl_->waiting.size() || !behind.empty()) return cut_off();
  impl_->digest_text = base::to_hex(impl_->digest.finish());
  return item;
}

const std::string& SealedFileReader::digest() const {
  return impl_->digest_text;
}

}  // namespace flow
