#include "crypto/key/sealed_stream.hpp"

#include <doctest/doctest.h>

#include <vector>

using crypto::StreamOpener;
using crypto::StreamSealer;

namespace {

struct Stream {
  base::Secret key = crypto::make_stream_key();
  base::Bytes start;
  std::vector<base::Bytes> pieces;

  Stream() {
    StreamSealer sealer(key);
    start = sealer.start();
    pieces = {sealer.seal("first", false, "head"), sealer.seal("", false), sealer.seal("last", true)};
  }
  [[nodiscard]] StreamOpener begin() const { return StreamOpener::begin(key, start).value(); }
};

}  // namespace

TEST_CASE("what was sealed in pieces opens in the same order, and only the last piece is the last") {
  const Stream stream;
  auto opener = stream.begin();
  const auto first = opener.open(stream.pieces[0], "head");
  REQUIRE(first);
  CHECK(first->plain == "first");
  CHECK_FALSE(first->is_last);
  CHECK(opener.open(stream.pieces[1]).value().plain.empty());
  const auto last = opener.open(stream.pieces[2]);
  REQUIRE(last);
  CHECK(last->plain == "last");
  CHECK(last->is_last);
  CHECK_FALSE(opener.open(stream.pieces[2]));
}

TEST_CASE("a piece that was altered, moved, left out, cut off or bound to something else does not open") {
  const Stream stream;
  for (std::size_t bit = 0; bit < stream.pieces[0].size() * 8; ++bit) {
    base::Bytes altered = stream.pieces[0];
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << bit % 8));
    CHECK_FALSE(stream.begin().open(altered, "head"));
  }
  CHECK_FALSE(stream.begin().open(stream.pieces[0], "heap"));
  CHECK_FALSE(stream.begin().open(stream.pieces[0]));
  CHECK_FALSE(stream.begin().open(stream.pieces[1]));
  CHECK_FALSE(stream.begin().open(stream.pieces[0].substr(0, 10), "head"));
  auto skipping = stream.begin();
  REQUIRE(skipping.open(stream.pieces[0], "head"));
  CHECK_FALSE(skipping.open(stream.pieces[2]));
}

TEST_CASE("another key, another beginning and no key open nothing") {
  const Stream stream;
  const Stream other;
  CHECK_FALSE(StreamOpener::begin(other.key, stream.start).value().open(stream.pieces[0], "head"));
  CHECK_FALSE(StreamOpener::begin(stream.key, other.start).value().open(stream.pieces[0], "head"));
  CHECK_FALSE(StreamOpener::begin(stream.key, "short"));
  CHECK_FALSE(StreamOpener::begin(base::Secret("short"), stream.start));
}

TEST_CASE("the key of a stream is sealed for one recipient, and whoever has the public key alone cannot open it") {
  const auto recipient = crypto::make_recipient();
  const auto other = crypto::make_recipient();
  const base::Secret key = crypto::make_stream_key();
  const base::Bytes sealed = crypto::seal_for(recipient.public_key, key).value();
  CHECK(crypto::open_sealed_for(recipient, sealed).value() == key);
  CHECK(crypto::public_key_of(recipient.secret_key).value() == recipient.public_key);
  CHECK_FALSE(crypto::open_sealed_for(other, sealed));
  CHECK_FALSE(crypto::open_sealed_for({recipient.public_key, other.secret_key}, sealed));
  CHECK_FALSE(crypto::open_sealed_for(recipient, sealed.substr(1)));
  CHECK_FALSE(crypto::open_sealed_for(recipient, ""));
  CHECK_FALSE(crypto::seal_for("short", key));
  CHECK_FALSE(crypto::public_key_of(base::Secret("short")));
}
