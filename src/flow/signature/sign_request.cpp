#include "flow/signature/sign_request.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "crypto/token/strict_json.hpp"

namespace flow {
namespace {

namespace json = boost::json;

void note(SignRequest& request, std::string_view field, std::string_view code, std::string_view message) {
  request.flaws.push_back({std::string(field.substr(0, 100)), std::string(code), std::string(message)});
}

template <class T>
void choose(SignRequest& request, std::string_view field, T& into, base::Result<T> parsed, std::string_view choices) {
  if (parsed) {
    into = std::move(*parsed);
  } else {
    note(request, field, "not_a_choice", choices);
  }
}

base::Bytes read_base64(SignRequest& request, std::string_view field, std::string_view text) {
  auto octets = base::parse_base64(text);
  if (!octets) note(request, field, "not_base64", "must be base64 with padding, without line breaks");
  return std::move(octets).value_or(base::Bytes());
}

void put_credential(SignRequest& request, const std::string& text) {
  const auto id = base::Id::parse(text);
  if (!id) return note(request, "credential_id", "not_an_id", "must be the id of a credential");
  request.wish.credential_id = *id;
}

void put_algorithm(SignRequest& request, const std::string& text) {
  crypto::SignatureAlgorithm algorithm;
  choose(request, "algorithm", algorithm, crypto::parse_signature_algorithm(text),
         "must be one such as ecdsa-sha256, rsa-pkcs1-sha256 or rsa-pss-sha256");
  request.wish.algorithm = algorithm;
}

struct Field {
  std::string_view name;
  void (*put)(SignRequest&, const std::string&);
};
constexpr std::string_view formats = "must be cades or xades; the others are not built yet";
constexpr std::string_view levels = "must be B or T; LT and LTA are not built yet";
constexpr std::string_view packagings = "must be enveloped, enveloping or detached";
constexpr std::array<Field, 11> fields{
    {{"format", [](SignRequest& r,
                   const std::string& t) { choose(r, "format", r.wish.format, signature::parse_format(t), formats); }},
     {"level", [](SignRequest& r,
                  const std::string& t) { choose(r, "level", r.wish.level, signature::parse_level(t), levels); }},
     {"packaging",
      [](SignRequest& r, const std::string& t) {
        choose(r, "packaging", r.wish.packaging, signature::parse_packaging(t), packagings);
      }},
     {"credential_id", put_credential},
     {"certificate",
      [](SignRequest& r, const std::string& t) { r.wish.certificate = read_base64(r, "certificate", t); }},
     {"algorithm", put_algorithm},
     {"element", [](SignRequest& r, const std::string& t) { r.wish.element = t; }},
     {"policy_id", [](SignRequest& r, const std::string& t) { r.wish.policy = t; }},
     {"commitment", [](SignRequest& r, const std::string& t) { r.wish.commitment = t; }},
     {"role", [](SignRequest& r, const std::string& t) { r.wish.role = t; }},
     {"pin", [](SignRequest& r, const std::string& t) { r.pin = base::Secret(t); }}}};

/// A PIN unlocks a key that is held here: it has no place where the key is elsewhere.
bool is_of_step(std::string_view name, SignStep step) {
  if (step == SignStep::complete) return name == "pin";
  return step == SignStep::sign || name != "pin";
}

void put_digest(SignRequest& request, const json::object& object, const std::string& field, DocumentSent& document) {
  for (const auto& [key, value] : object) {
    const std::string name(key);
    const std::string place = field + "." + name;
    const auto* text = value.if_string();
    if (name != "digest" && name != "algorithm") {
      note(request, place, "unknown_field", "is no member of a digest");
    } else if (text == nullptr) {
      note(request, place, "not_text", "must be a text");
    } else if (name == "digest") {
      document.digest = read_base64(request, place, {text->data(), text->size()});
    } else {
      choose(request, place, document.digest_kind, crypto::parse_digest_kind({text->data(), text->size()}),
             "must be sha256, sha384 or sha512");
    }
  }
  if (!object.contains("digest")) note(request, field + ".digest", "missing", "is missing");
}

/// base64 of the octets, or an object with a digest.
void put_content(SignRequest& request, const json::value& value, const std::string& field, DocumentSent& document) {
  if (const auto* text = value.if_string()) {
    document.octets = read_base64(request, field, {text->data(), text->size()});
  } else if (const auto* object = value.if_object()) {
    put_digest(request, *object, field, document);
  } else {
    note(request, field, "bad_form", "must be base64, or an object with a digest");
  }
}

void put_document(SignRequest& request, const json::value& value, std::size_t at) {
  const std::string field = "documents[" + std::to_string(at) + "]";
  DocumentSent document;
  const auto* object = value.if_object();
  if (object == nullptr) return note(request, field, "bad_form", "must be an object");
  for (const auto& [key, member] : *object) {
    const std::string name(key);
    const auto* text = member.if_string();
    if (name == "document") {
      put_content(request, member, field + ".document", document);
    } else if (name != "name" && name != "media_type") {
      note(request, field + "." + name, "unknown_field", "is no member of a document");
    } else if (text == nullptr) {
      note(request, field + "." + name, "not_text", "must be a text");
    } else {
      (name == "name" ? document.name : document.media_type).assign(text->data(), text->size());
    }
  }
  if (!object->contains("document")) note(request, field + ".document", "missing", "is missing");
  request.wish.documents.push_back(std::move(document));
}

template <class Put>
void put_list(SignRequest& request, std::string_view name, const json::value& value, Put put) {
  const auto* list = value.if_array();
  if (list == nullptr) return note(request, name, "not_a_list", "must be a list");
  for (std::size_t at = 0; at < list->size(); ++at) {
    // What is too long is refused with the limit, and not with a flaw for each.
    if (at > most_orders) return;
    put((*list)[at], at);
  }
}

void put_octets_list(SignRequest& request, std::string_view name, const json::value& value,
                     std::vector<base::Bytes>& into) {
  put_list(request, name, value, [&](const json::value& one, std::size_t at) {
    const std::string field = std::string(name) + "[" + std::to_string(at) + "]";
    const auto* text = one.if_string();
    if (text == nullptr) return note(request, field, "not_text", "must be a text");
    into.push_back(read_base64(request, field, {text->data(), text->size()}));
  });
}

DocumentSent& only_document(SignRequest& request) {
  if (request.wish.documents.empty()) request.wish.documents.emplace_back();
  return request.wish.documents.front();
}

/// Members that are no plain texts; false: there is none of the name.
bool put_other(SignRequest& request, const std::string& name, const json::value& value, SignStep step) {
  const auto* text = value.if_string();
  if (step == SignStep::complete) {
    if (name == "signature_values") {
      put_octets_list(request, name, value, request.values);
    } else if (name == "signature_value" && text != nullptr) {
      request.values.push_back(read_base64(request, name, {text->data(), text->size()}));
    } else {
      return false;
    }
    return true;
  }
  if (name == "documents") {
    put_list(request, name, value, [&](const json::value& one, std::size_t at) { put_document(request, one, at); });
  } else if (name == "document") {
    put_content(request, value, name, only_document(request));
  } else if (name == "chain") {
    put_octets_list(request, name, value, request.wish.chain);
  } else if ((name == "name" || name == "media_type") && text != nullptr) {
    DocumentSent& document = only_document(request);
    (name == "name" ? document.name : document.media_type).assign(text->data(), text->size());
  } else {
    return false;
  }
  return true;
}

}  // namespace

bool put_sign_field(SignRequest& request, std::string_view name, const std::string& text, SignStep step) {
  for (const Field& one : fields) {
    if (one.name != name || !is_of_step(name, step)) continue;
    one.put(request, text);
    return true;
  }
  return false;
}

SignRequest read_sign_request(std::string_view body, SignStep step) {
  SignRequest request;
  // It refuses duplicate members and depth, which the parser below takes.
  const auto outline = crypto::outline_object(body);
  boost::system::error_code failed;
  const json::value parsed = outline ? json::parse(json::string_view(body.data(), body.size()), failed) : json::value();
  const auto* object = failed ? nullptr : parsed.if_object();
  if (object == nullptr) {
    note(request, "", "malformed", "the body must be one JSON object in UTF-8, with each member once");
    return request;
  }
  for (const auto& [key, value] : *object) {
    const std::string name(key);
    if (value.is_null() && name == "element") continue;
    if (put_other(request, name, value, step)) continue;
    const auto* text = value.if_string();
    if (text != nullptr && put_sign_field(request, name, std::string(text->data(), text->size()), step)) continue;
    if (text != nullptr) {
      note(request, name, "unknown_field", "is no member of this request");
    } else {
      note(request, name, "not_text", "is no member of this request, or must be a text");
    }
  }
  if (object->contains("document") && object->contains("documents")) {
    note(request, "documents", "not_both", "comes instead of document");
  }
  judge_sign_request(request, step);
  return request;
}

void judge_sign_request(SignRequest& request, SignStep step) {
  if (step == SignStep::complete) return;
  const bool has_certificate = !request.wish.certificate.empty();
  // One that was given and cannot be read is not missing as well.
  const bool is_refused = std::any_of(request.flaws.begin(), request.flaws.end(),
                                      [](const SignFlaw& flaw) { return flaw.field == "credential_id"; });
  if (!request.wish.credential_id && !is_refused && (step == SignStep::sign || !has_certificate)) {
    note(request, "credential_id", "missing",
         step == SignStep::sign ? "is missing" : "is missing; or send the certificate of a key of your own");
  }
  if (request.wish.credential_id && has_certificate) {
    note(request, "certificate", "not_both", "comes instead of credential_id");
  }
  for (std::size_t at = 0; at < request.wish.documents.size(); ++at) {
    if (request.wish.documents[at].name.empty()) request.wish.documents[at].name = "document";
  }
}

}  // namespace flow
