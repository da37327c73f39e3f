#include "webauthn/cbor.hpp"

#include <cbor.h>

namespace webauthn {
namespace {

tl::unexpected<base::Error> bad(const char* why) {
  return base::fail(base::Code::invalid_input, why);
}

/// What libcbor says of one head.
struct Head {
  bool is_known = false;
  Cbor::Kind kind = Cbor::Kind::null;
  std::uint64_t number = 0;  // the value, or the length
  base::BytesView octets;
};

Head& head_of(void* context, Cbor::Kind kind, std::uint64_t number) {
  Head& head = *static_cast<Head*>(context);
  head.is_known = true;
  head.kind = kind;
  head.number = number;
  return head;
}

template <class Number, Cbor::Kind kind>
void take_number(void* context, Number number) {
  head_of(context, kind, number);
}
template <Cbor::Kind kind>
void take_octets(void* context, cbor_data data, std::size_t size) {
  head_of(context, kind, size).octets = {reinterpret_cast<const char*>(data), size};
}
template <Cbor::Kind kind>
void take_items(void* context, std::size_t size) {
  head_of(context, kind, size);
}

// Every other callback does nothing, so that the head stays unknown: tags, floats, indefinite lengths.
cbor_callbacks make_callbacks() {
  using Kind = Cbor::Kind;
  cbor_callbacks calls = cbor_empty_callbacks;
  calls.uint8 = take_number<std::uint8_t, Kind::positive>;
  calls.uint16 = take_number<std::uint16_t, Kind::positive>;
  calls.uint32 = take_number<std::uint32_t, Kind::positive>;
  calls.uint64 = take_number<std::uint64_t, Kind::positive>;
  calls.negint8 = take_number<std::uint8_t, Kind::negative>;
  calls.negint16 = take_number<std::uint16_t, Kind::negative>;
  calls.negint32 = take_number<std::uint32_t, Kind::negative>;
  calls.negint64 = take_number<std::uint64_t, Kind::negative>;
  calls.byte_string = take_octets<Kind::octets>;
  calls.string = take_octets<Kind::text>;
  calls.array_start = take_items<Kind::array>;
  calls.map_start = take_items<Kind::map>;
  calls.boolean = [](void* context, bool value) { head_of(context, Kind::boolean, value ? 1 : 0); };
  calls.null = [](void* context) { head_of(context, Kind::null, 0); };
  return calls;
}

// The shortest head that holds the number.
std::size_t shortest_head(const Head& head) {
  if (head.kind == Cbor::Kind::boolean || head.kind == Cbor::Kind::null || head.number < 24) return 1;
  if (head.number <= 0xff) return 2;
  if (head.number <= 0xffff) return 3;
  return head.number <= 0xffffffff ? 5 : 9;
}

class Reader {
 public:
  explicit Reader(base::BytesView octets) : left_(octets) {}

  base::Result<Cbor> read(std::size_t depth) {
    if (depth >= most_cbor_depth) return bad("CBOR: too deep");
    if (left_.empty()) return bad("CBOR: too short");
    static const cbor_callbacks calls = make_callbacks();
    Head head;
    const cbor_decoder_result decoded =
        cbor_stream_decode(reinterpret_cast<cbor_data>(left_.data()), left_.size(), &calls, &head);
    if (decoded.status != CBOR_DECODER_FINISHED || decoded.read > left_.size()) return bad("CBOR: not readable");
    if (!head.is_known) return bad("CBOR: an item that authenticators do not write");
    if (decoded.read != shortest_head(head) + head.octets.size()) return bad("CBOR: not the shortest head");
    left_.remove_prefix(decoded.read);
    Cbor value{head.kind, head.number, head.octets};
    if (value.is(Cbor::Kind::text) && !base::is_utf8(value.octets)) return bad("CBOR: text that is not UTF-8");
    const bool is_map = value.is(Cbor::Kind::map);
    if (!is_map && !value.is(Cbor::Kind::array)) return value;
    if (head.number > most_cbor_items) return bad("CBOR: too many items");
    base::BytesView last_key;
    for (std::uint64_t i = 0; i < head.number; ++i) {
      if (is_map) RETURN_IF_ERROR(read_key(value, last_key, depth));
      ASSIGN_OR_RETURN(Cbor item, read(depth + 1));
      value.items.push_back(std::move(item));
    }
    return value;
  }

  [[nodiscard]] std::size_t left() const { return left_.size(); }

 private:
  base::Result<void> read_key(Cbor& map, base::BytesView& last, std::size_t depth) {
    const base::BytesView from = left_;
    ASSIGN_OR_RETURN(Cbor key, read(depth + 1));
    if (key.is(Cbor::Kind::array) || key.is(Cbor::Kind::map)) return bad("CBOR: a key that is no number or text");
    const base::BytesView encoded = from.substr(0, from.size() - left_.size());
    if (!last.empty() && !is_before(last, encoded)) return bad("CBOR: keys out of order, or one twice");
    last = encoded;
    map.items.push_back(std::move(key));
    return {};
  }

  // CTAP 2.1 §8: the major type first, then the length, then the octets.
  static bool is_before(base::BytesView one, base::BytesView other) {
    const auto major = [](base::BytesView key) { return static_cast<unsigned char>(key[0]) >> 5; };
    if (major(one) != major(other)) return major(one) < major(other);
    if (one.size() != other.size()) return one.size() < other.size();
    return one < other;
  }

  base::BytesView left_;
};

template <class IsKey>
const Cbor* find_in(const Cbor& map, IsKey is_key) {
  if (!map.is(Cbor::Kind::map)) return nullptr;
  for (std::size_t i = 0; i + 1 < map.items.size(); i += 2) {
    if (is_key(map.items[i])) return &map.items[i + 1];
  }
  return nullptr;
}

}  // namespace

const Cbor* Cbor::find(std::int64_t key) const {
  return find_in(*this, [&](const Cbor& one) { return one.is(key); });
}

const Cbor* Cbor::find(std::string_view key) const {
  return find_in(*this, [&](const Cbor& one) { return one.is(Kind::text) && one.octets == key; });
}

bool Cbor::is(std::int64_t value) const {
  if (value >= 0) return kind == Kind::positive && number == static_cast<std::uint64_t>(value);
  return kind == Kind::negative && number == static_cast<std::uint64_t>(-1 - value);
}

base::Result<CborPrefix> parse_cbor_prefix(base::BytesView octets) {
  Reader reader(octets);
  ASSIGN_OR_RETURN(Cbor value, reader.read(0));
  return CborPrefix{std::move(value), octets.size() - reader.left()};
}

base::Result<Cbor> parse_cbor(base::BytesView octets) {
  ASSIGN_OR_RETURN(CborPrefix prefix, parse_cbor_prefix(octets));
  if (prefix.size != octets.size()) return bad("CBOR: octets behind the item");
  return std::move(prefix.value);
}

}  // namespace webauthn
