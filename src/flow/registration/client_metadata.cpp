#include "flow/registration/client_metadata.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/json.hpp"
#include "base/words.hpp"
#include "crypto/token/jwk_set.hpp"
#include "crypto/token/strict_json.hpp"
#include "flow/session/subject.hpp"
#include "identity/spelling/script_mixture.hpp"
#include "rights/protocol.hpp"

namespace flow {
namespace {

namespace json = boost::json;

constexpr std::size_t most_entries = 50;
constexpr std::size_t longest_entry = 1000;

// Members that would make an answer another one than the client gets; a client that named one could not read it.
constexpr std::array<std::string_view, 9> unsupported{
    "userinfo_encrypted_response_alg",           "userinfo_encrypted_response_enc",
    "id_token_encrypted_response_alg",           "id_token_encrypted_response_enc",
    "introspection_signed_response_alg",         "introspection_encrypted_response_alg",
    "authorization_signed_response_alg",         "authorization_encrypted_response_alg",
    "tls_client_certificate_bound_access_tokens"};

// Members that are a text of the client.
constexpr std::array<std::pair<std::string_view, std::string rights::Client::*>, 9> texts{{
    {"client_name", &rights::Client::name},
    {"client_name#de", &rights::Client::name_de},
    {"client_name#pl", &rights::Client::name_pl},
    {"client_uri", &rights::Client::client_uri},
    {"logo_uri", &rights::Client::logo_uri},
    {"policy_uri", &rights::Client::policy_uri},
    {"tos_uri", &rights::Client::tos_uri},
    {"jwks_uri", &rights::Client::jwks_uri},
    {"sector_identifier_uri", &rights::Client::sector_identifier_uri},
}};

// Reads the members and keeps the first mistake; a wrong member is read as if it were not there.
class Reader {
 public:
  explicit Reader(const json::object& members) : members_(members) {}

  void refuse(std::string_view member, std::string_view what, OAuthError error = OAuthError::invalid_client_metadata) {
    if (!flaw_) flaw_ = {error, std::string(member).append(" ").append(what)};
  }
  [[nodiscard]] const std::optional<RegistrationRefusal>& flaw() const { return flaw_; }

  [[nodiscard]] const json::value* find(std::string_view name) const {
    const json::value* const value = members_.if_contains(name);
    // RFC 7592 §2.2: "null or omitted" are the same.
    return value == nullptr || value->is_null() ? nullptr : value;
  }
  std::string text(std::string_view name) {
    const json::value* const value = find(name);
    if (value == nullptr) return {};
    if (value->is_string() && value->get_string().size() <= longest_entry) {
      return {value->get_string().data(), value->get_string().size()};
    }
    refuse(name, "is not a string of at most 1000 octets");
    return {};
  }
  std::vector<std::string> list(std::string_view name) {
    const json::value* const value = find(name);
    if (value == nullptr) return {};
    std::vector<std::string> entries;
    const json::array* const array = value->if_array();
    const bool is_short = array != nullptr && array->size() <= most_entries;
    for (const json::value& entry : is_short ? *array : json::array()) {
      if (entry.is_string()) entries.emplace_back(entry.get_string().data(), entry.get_string().size());
    }
    if (!is_short || entries.size() != array->size()) refuse(name, "is not an array of at most 50 strings");
    return entries;
  }
  bool flag(std::string_view name) {
    const json::value* const value = find(name);
    if (value == nullptr) return false;
    if (!value->is_bool()) refuse(name, "is not true or false");
    return value->is_bool() && value->get_bool();
  }

 private:
  const json::object& members_;
  std::optional<RegistrationRefusal> flaw_;
};

void read_authentication(Reader& reader, rights::Client& client) {
  const std::string named = reader.text("token_endpoint_auth_method");
  // RFC 7591 §2: "If unspecified or omitted, the default is client_secret_basic".
  const auto method = named.empty() ? rights::AuthMethod::basic : rights::find_auth_method(named);
  if (!method) reader.refuse("token_endpoint_auth_method", "is not one of those in the metadata of this server");
  switch (method.value_or(rights::AuthMethod::basic)) {
    case rights::AuthMethod::none: client.auth = rights::ClientAuth::none; break;
    case rights::AuthMethod::assertion: client.auth = rights::ClientAuth::private_key_jwt; break;
    default:
      client.auth = rights::ClientAuth::secret;
      client.auth_method = rights::name_of(method.value_or(rights::AuthMethod::basic));
  }
  const std::string algorithm = reader.text("token_endpoint_auth_signing_alg");
  if (!algorithm.empty() && algorithm != "ES256" && algorithm != "RS256" && algorithm != "PS256") {
    reader.refuse("token_endpoint_auth_signing_alg", "is none of ES256, RS256 and PS256");
  }
  if (const json::value* const keys = reader.find("jwks")) {
    if (!client.jwks_uri.empty()) reader.refuse("jwks", "and jwks_uri are both given");
    client.jwks = json::serialize(*keys);
    const auto parsed = crypto::parse_jwk_set(client.jwks);
    if (!parsed || parsed->empty()) reader.refuse("jwks", "is not a set with a public key of ES256, RS256 or PS256");
  }
}

// RFC 7591 §2: the server "MAY replace any of the client's requested metadata values". What it does not have is left
// out as long as something is left.
void read_grants(Reader& reader, rights::Client& client) {
  std::vector<std::string> asked = reader.list("grant_types");
  if (reader.find("grant_types") == nullptr) asked = {"authorization_code"};
  client.grants.clear();
  for (const std::string& name : asked) {
    if (rights::find_grant_type(name) && !rights::is_registered(client.grants, name)) client.grants.push_back(name);
  }
  const bool has_code = rights::is_registered(client.grants, "authorization_code");
  std::vector<std::string> responses = reader.list("response_types");
  if (reader.find("response_types") == nullptr && has_code) responses = {"code"};
  const bool wants_code = rights::is_registered(responses, "code");
  if (!asked.empty() && client.grants.empty()) reader.refuse("grant_types", "has none that this server has");
  if (!responses.empty() && !wants_code) reader.refuse("response_types", "has none that this server has: code");
  if (has_code != wants_code)
    reader.refuse("response_types", "and grant_types do not fit: code needs authorization_code");
}

void read_scope(Reader& reader, std::string_view allowed, rights::Client& client) {
  const std::string asked = reader.find("scope") == nullptr ? std::string(allowed) : reader.text("scope");
  client.scopes.clear();
  base::for_each_word(asked, [&](std::string_view scope) {
    if (!base::has_word(allowed, scope) || rights::is_registered(client.scopes, scope)) return;
    // Without a refresh token it has no effect.
    if (scope == "offline_access" && !rights::is_registered(client.grants, "refresh_token")) return;
    client.scopes.emplace_back(scope);
  });
}

void read_openid(Reader& reader, rights::Client& client) {
  // OpenID Connect Registration §2: "The default, if omitted, is RS256."
  const std::string algorithm = reader.text("id_token_signed_response_alg");
  client.id_token_alg = algorithm.empty() ? "RS256" : algorithm;
  // OpenID Connect Core §5.3.2; "none" would be a JWT that anybody could have made.
  client.userinfo_alg = reader.text("userinfo_signed_response_alg");
  const std::string subject = reader.text("subject_type");
  if (!subject.empty() && subject != "public" && subject != "pairwise") {
    reader.refuse("subject_type", "is neither public nor pairwise");
  }
  client.is_pairwise = subject == "pairwise";
  client.require_auth_time = reader.flag("require_auth_time");
  if (const json::value* const age = reader.find("default_max_age")) {
    if (!age->is_int64()) reader.refuse("default_max_age", "is not a number of seconds");
    if (age->is_int64()) client.default_max_age = age->get_int64();
  }
}

rights::ClientKind find_kind(Reader& reader, const rights::Client& client) {
  const std::string application = reader.text("application_type");
  if (!application.empty() && application != "web" && application != "native") {
    reader.refuse("application_type", "is neither web nor native");
  }
  if (client.auth == rights::ClientAuth::none && application == "native") return rights::ClientKind::native;
  return rights::guess_kind(client.auth, client.redirect_uris, client.grants);
}

// Nobody's statements are trusted here, so that one which is ignored would promise what its client does not get
// (RFC 7591 §3.2.2).
void refuse_statement(Reader& reader) {
  constexpr std::string_view member = "software_statement";
  const json::value* const statement = reader.find(member);
  if (statement == nullptr) return;
  const json::string* const text = statement->if_string();
  if (text == nullptr || std::count(text->begin(), text->end(), '.') != 2) {
    return reader.refuse(member, "is not a JWT", OAuthError::invalid_software_statement);
  }
  reader.refuse(member, "is of an issuer that is not approved; none is", OAuthError::unapproved_software_statement);
}

ClientMetadata read(Reader& reader, std::string_view allowed) {
  ClientMetadata metadata;
  rights::Client& client = metadata.client;
  refuse_statement(reader);
  for (const std::string_view name : unsupported) {
    if (reader.find(name) != nullptr && !(reader.find(name)->is_bool() && !reader.find(name)->get_bool())) {
      reader.refuse(name, "is not supported");
    }
  }
  for (const auto& [name, member] : texts) client.*member = reader.text(name);
  metadata.client_id = reader.text("client_id");
  metadata.client_secret = base::Secret(reader.text("client_secret"));
  client.redirect_uris = reader.list("redirect_uris");
  client.post_logout_redirect_uris = reader.list("post_logout_redirect_uris");
  client.backchannel_logout_uri = reader.text("backchannel_logout_uri");
  client.contacts = reader.list("contacts");
  read_authentication(reader, client);
  read_grants(reader, client);
  read_scope(reader, allowed, client);
  read_openid(reader, client);
  client.require_par = reader.flag("require_pushed_authorization_requests");
  client.kind = find_kind(reader, client);
  // docs/decisions/0074: many certified libraries send no code_challenge with a secret.
  client.require_pkce = client.auth == rights::ClientAuth::none;
  client.is_dynamic = true;
  client.is_first_party = false;
  client.context_in_id_token = false;
  return metadata;
}

json::array to_array(const std::vector<std::string>& list) {
  json::array array;
  for (const std::string& entry : list) array.emplace_back(entry);
  return array;
}

std::string_view method_of(const rights::Client& client) {
  if (client.auth == rights::ClientAuth::none) return "none";
  if (client.auth == rights::ClientAuth::private_key_jwt) return "private_key_jwt";
  return client.auth_method.empty() ? std::string_view("client_secret_basic") : client.auth_method;
}

void put_text(json::object& out, std::string_view name, const std::string& value) {
  if (!value.empty()) out[name] = value;
}

std::string only_printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < 0x20 || c > 0x7e || c == '"' || c == '\\'; }, '?');
  return text;
}

}  // namespace

std::variant<ClientMetadata, RegistrationRefusal> read_metadata(std::string_view text, std::string_view allowed) {
  const auto outline = crypto::outline_object(text);
  if (!outline) {
    return RegistrationRefusal{OAuthError::invalid_client_metadata,
                               "the body is not a JSON object with single members"};
  }
  const json::value value = json::parse(json::string_view(text.data(), text.size()));
  Reader reader(value.as_object());
  ClientMetadata metadata = read(reader, allowed);
  if (reader.flaw()) return *reader.flaw();
  return metadata;
}

std::optional<RegistrationRefusal> find_metadata_flaw(const rights::Client& client) {
  std::string all;
  bool is_of_redirect = true;
  for (const rights::ClientFlaw& flaw : rights::judge_client(client)) {
    if (!all.empty()) all.append("; ");
    all.append(rights::describe(flaw));
    is_of_redirect = is_of_redirect && flaw.field == "redirect_uris";
  }
  // An administrator may mean such a name; a program that registers itself is known to people by nothing else.
  for (const std::string* name : {&client.name, &client.name_de, &client.name_pl}) {
    if (!identity::mixes_scripts(*name)) continue;
    if (!all.empty()) all.append("; ");
    all.append("client_name: letters of several alphabets in one word");
    is_of_redirect = false;
  }
  const bool takes_device_codes = rights::is_registered(client.grants, name_of(rights::GrantType::device_code));
  if (all.empty() && takes_device_codes && !has_sector_without_redirect(client)) {
    return RegistrationRefusal{OAuthError::invalid_client_metadata,
                               "subject_type pairwise and device codes do not fit: no redirect URI proves the sector"};
  }
  if (all.empty()) return std::nullopt;
  return RegistrationRefusal{is_of_redirect ? OAuthError::invalid_redirect_uri : OAuthError::invalid_client_metadata,
                             only_printable(all)};
}

std::string print_metadata(const rights::Client& client, const RegistrationAnswer& answer) {
  json::object out{{"client_id", client.client_id}, {"client_id_issued_at", base::to_seconds(client.created_at)}};
  if (!answer.secret.empty()) {
    out["client_secret"] = answer.secret;
    out["client_secret_expires_at"] = 0;
  }
  put_text(out, "registration_access_token", answer.registration_token);
  put_text(out, "registration_client_uri", answer.registration_uri);
  out["redirect_uris"] = to_array(client.redirect_uris);
  out["token_endpoint_auth_method"] = method_of(client);
  out["grant_types"] = to_array(client.grants);
  out["response_types"] =
      rights::is_registered(client.grants, "authorization_code") ? json::array{"code"} : json::array();
  out["application_type"] = client.kind == rights::ClientKind::native ? "native" : "web";
  out["scope"] = base::join(client.scopes, " ");
  for (const auto& [name, member] : texts) put_text(out, name, client.*member);
  if (!client.contacts.empty()) out["contacts"] = to_array(client.contacts);
  if (!client.jwks.empty()) out["jwks"] = json::parse(client.jwks);
  if (!client.post_logout_redirect_uris.empty()) {
    out["post_logout_redirect_uris"] = to_array(client.post_logout_redirect_uris);
  }
  put_text(out, "backchannel_logout_uri", client.backchannel_logout_uri);
  // Every logout token has `sid`, so that each client has what it may have asked for.
  if (!client.backchannel_logout_uri.empty()) out["backchannel_logout_session_required"] = true;
  out["id_token_signed_response_alg"] = client.id_token_alg;
  put_text(out, "userinfo_signed_response_alg", client.userinfo_alg);
  out["subject_type"] = client.is_pairwise ? "pairwise" : "public";
  if (client.default_max_age) out["default_max_age"] = *client.default_max_age;
  if (client.require_auth_time) out["require_auth_time"] = true;
  if (client.require_par) out["require_pushed_authorization_requests"] = true;
  return json::serialize(out);
}

}  // namespace flow
