#include "audit/event.hpp"

#include "crypto/digest/digest.hpp"

namespace audit {

Code motive::find(std::string_view name) {
  for (const Code& one : all) {
    if (one == name) return one;
  }
  return {};
}
namespace {

void append_number(base::Bytes& out, std::uint64_t value, int octets) {
  for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 0xff));
}

void append_field(base::Bytes& out, std::string_view field) {
  append_number(out, field.size(), 4);
  out.append(field);
}

void append_field(base::Bytes& out, const std::optional<base::Id>& id) {
  append_field(out, id ? id->bytes() : base::BytesView());
}

}  // namespace

base::Bytes body_of(const Event& event) {
  base::Bytes body;
  body.reserve(256 + event.data.size() + event.client.size() + event.request_id.size());
  // The version, so that a body of one version never equals one of another.
  body.push_back(event.source.empty() ? '\1' : '\2');
  append_number(body, static_cast<std::uint64_t>(event.seq), 8);
  append_number(body, static_cast<std::uint64_t>(base::to_ms(event.at)), 8);
  append_field(body, event.tenant_id.bytes());
  append_field(body, event.type);
  append_field(body, event.outcome);
  append_field(body, event.actor);
  append_field(body, event.on_behalf_of);
  append_field(body, event.subject);
  append_field(body, event.client);
  append_field(body, event.session);
  append_field(body, event.request_id);
  append_field(body, event.context);
  append_field(body, event.data);
  append_field(body, event.personal_digest);
  if (!event.source.empty()) append_field(body, event.source);
  return body;
}

base::Bytes digest_of_personal(std::string_view salt, std::string_view personal) {
  base::Bytes salted;
  salted.reserve(salt.size() + personal.size());
  salted.append(salt).append(personal);
  return crypto::sha256(salted);
}

void seal_personal(Event& event) {
  if (event.personal.empty() && event.typed.empty()) return;
  if (!event.personal.empty()) event.salt = base::random_bytes(16);
  event.personal_digest = digest_of_personal(event.salt, event.personal);
  if (event.typed.empty()) return;
  event.typed_salt = base::random_bytes(16);
  event.personal_digest += digest_of_personal(event.typed_salt, event.typed);
}

std::string_view name_of(Part part) {
  switch (part) {
    case Part::typed: return "typed";
    case Part::addresses: return "addresses";
    case Part::reported: break;
  }
  return "reported";
}

bool may_hold_typed(const Event& event) {
  const bool is_of_people =
      event.type == type::login || event.type == type::proof || event.type == type::password_reset;
  return is_of_people && event.personal_digest.size() == digest_size;
}

base::Bytes hash_of(const Event& event) {
  return crypto::sha256(event.previous_hash + body_of(event));
}

base::Bytes bytes_to_seal(std::int64_t seq, std::string_view hash) {
  base::Bytes out;
  append_number(out, static_cast<std::uint64_t>(seq), 8);
  return out.append(hash);
}

}  // namespace audit
