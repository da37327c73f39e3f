#include "crypto/key/sealed_stream.hpp"

#include <sodium.h>

#include <stdexcept>

namespace crypto {
namespace {

static_assert(stream_start_size == crypto_secretstream_xchacha20poly1305_HEADERBYTES);
static_assert(sealed_piece_overhead == crypto_secretstream_xchacha20poly1305_ABYTES);

void start_sodium() {
  static const bool started = sodium_init() >= 0;
  if (!started) throw std::runtime_error("libsodium does not start");
}

const unsigned char* octets_of(base::BytesView view) {
  return reinterpret_cast<const unsigned char*>(view.data());
}

unsigned char* octets_of(base::Bytes& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

}  // namespace

RecipientKeys make_recipient() {
  start_sodium();
  base::Bytes open_half(crypto_box_PUBLICKEYBYTES, '\0');
  base::Bytes secret_half(crypto_box_SECRETKEYBYTES, '\0');
  crypto_box_keypair(octets_of(open_half), octets_of(secret_half));
  return {std::move(open_half), base::Secret(std::move(secret_half))};
}

base::Result<base::Bytes> public_key_of(const base::Secret& secret_key) {
  start_sodium();
  base::Bytes open_half(crypto_box_PUBLICKEYBYTES, '\0');
  if (secret_key.size() != crypto_box_SECRETKEYBYTES ||
      crypto_scalarmult_base(octets_of(open_half), octets_of(secret_key.reveal())) != 0) {
    return base::fail(base::Code::invalid_input, "it is no secret key");
  }
  return open_half;
}

base::Result<base::Bytes> seal_for(base::BytesView public_key, const base::Secret& stream_key) {
  start_sodium();
  base::Bytes sealed(stream_key.size() + crypto_box_SEALBYTES, '\0');
  if (public_key.size() != crypto_box_PUBLICKEYBYTES ||
      crypto_box_seal(octets_of(sealed), octets_of(stream_key.reveal()), stream_key.size(), octets_of(public_key)) !=
          0) {
    return base::fail(base::Code::invalid_input, "it is no public key");
  }
  return sealed;
}

base::Result<base::Secret> open_sealed_for(const RecipientKeys& keys, base::BytesView sealed) {
  start_sodium();
  const auto bad = [] { return base::fail(base::Code::invalid_input, "it was sealed for another key, or altered"); };
  if (keys.public_key.size() != crypto_box_PUBLICKEYBYTES || keys.secret_key.size() != crypto_box_SECRETKEYBYTES ||
      sealed.size() < crypto_box_SEALBYTES) {
    return bad();
  }
  base::Bytes plain(sealed.size() - crypto_box_SEALBYTES, '\0');
  const int opened = crypto_box_seal_open(octets_of(plain), octets_of(sealed), sealed.size(),
                                          octets_of(keys.public_key), octets_of(keys.secret_key.reveal()));
  base::Secret key(std::move(plain));
  if (opened != 0) return bad();
  return key;
}

base::Secret make_stream_key() {
  return base::Secret(base::random_bytes(crypto_secretstream_xchacha20poly1305_KEYBYTES));
}

struct StreamSealer::Impl {
  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { sodium_memzero(&state, sizeof(state)); }
  crypto_secretstream_xchacha20poly1305_state state{};
  base::Bytes start = base::Bytes(stream_start_size, '\0');
};

StreamSealer::StreamSealer(const base::Secret& key) : impl_(std::make_unique<Impl>()) {
  start_sodium();
  if (key.size() != crypto_secretstream_xchacha20poly1305_KEYBYTES) throw std::logic_error("no key of a stream");
  crypto_secretstream_xchacha20poly1305_init_push(&impl_->state, octets_of(impl_->start), octets_of(key.reveal()));
}

StreamSealer::StreamSealer(StreamSealer&&) noexcept = default;
StreamSealer::~StreamSealer() = default;

const base::Bytes& StreamSealer::start() const {
  return impl_->start;
}

base::Bytes StreamSealer::seal(base::BytesView plain, bool is_last, base::BytesView bound_to) {
  base::Bytes sealed(plain.size() + sealed_piece_overhead, '\0');
  const unsigned char tag =
      is_last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
  crypto_secretstream_xchacha20poly1305_push(&impl_->state, octets_of(sealed), nullptr, octets_of(plain), plain.size(),
                                             octets_of(bound_to), bound_to.size(), tag);
  return sealed;
}

struct StreamOpener::Impl {
  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { sodium_memzero(&state, sizeof(state)); }
  crypto_secretstream_xchacha20poly1305_state state{};
  bool is_over = false;
};

StreamOpener::StreamOpener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
StreamOpener::StreamOpener(StreamOpener&&) noexcept = default;
StreamOpener::~StreamOpener() = default;

base::Result<StreamOpener> StreamOpener::begin(const base::Secret& key, base::BytesView start) {
  start_sodium();
  auto impl = std::make_unique<Impl>();
  if (key.size() != crypto_secretstream_xchacha20poly1305_KEYBYTES || start.size() != stream_start_size ||
      crypto_secretstream_xchacha20poly1305_init_pull(&impl->state, octets_of(start), octets_of(key.reveal())) != 0) {
    return base::fail(base::Code::invalid_input, "the stream has no readable beginning");
  }
  return StreamOpener(std::move(impl));
}

base::Result<StreamOpener::Piece> StreamOpener::open(base::BytesView sealed, base::BytesView bound_to) {
  Piece piece;
  unsigned char tag = 0;
  const bool has_size = sealed.size() >= sealed_piece_overhead;
  if (has_size) piece.plain.resize(sealed.size() - sealed_piece_overhead);
  if (!has_size || impl_->is_over ||
      crypto_secretstream_xchacha20poly1305_pull(&impl_->state, octets_of(piece.plain), nullptr, &tag,
                                                 octets_of(sealed), sealed.size(), octets_of(bound_to),
                                                 bound_to.size()) != 0) {
    return base::fail(base::Code::invalid_input, "a piece was altered, or stands in another place than where it was");
  }
  impl_->is_over = piece.is_last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
  return piece;
}

}  // namespace crypto
