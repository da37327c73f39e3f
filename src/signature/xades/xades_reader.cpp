#include "signature/xades/xades_reader.hpp"

#include <algorithm>

#include "signature/xades/names.hpp"
#include "signature/xades/read_properties.hpp"
#include "signature/xades/read_references.hpp"
#include "signature/xades/read_timestamps.hpp"
#include "signature/xades/reading.hpp"
#include "xml/transforms.hpp"

namespace signature {
namespace {

constexpr std::size_t least_work = std::size_t{64} * 1024 * 1024;  // octets
constexpr std::size_t passes = 16;                                 // over the whole document

// XML-DSig §4.2: SignedInfo, SignatureValue, KeyInfo?, Object*, in this order and nothing else.
std::optional<SignatureParts> take_apart(const xml::Element& signature, SignatureView& view) {
  const auto refuse = [&](std::string_view what) {
    flaw(view, "xml_signature_structure", what);
    return std::nullopt;
  };
  const std::vector<xml::Element> children = signature.children();
  if (children.size() < 2 || !signature.has_only_elements()) return refuse("Signature");
  if (!children[0].is(signature_namespace, "SignedInfo")) return refuse("SignedInfo");
  if (!children[1].is(signature_namespace, "SignatureValue")) return refuse("SignatureValue");
  SignatureParts parts{signature, children[0], children[1], {}, {}, {}, {}, {}, {}};
  for (std::size_t i = 2; i < children.size(); ++i) {
    if (i == 2 && children[i].is(signature_namespace, "KeyInfo")) {
      parts.key_info.push_back(children[i]);
    } else if (children[i].is(signature_namespace, "Object")) {
      parts.objects.push_back(children[i]);
    } else {
      return refuse(children[i].name());
    }
  }
  const std::vector<xml::Element> info = parts.signed_info.children();
  if (info.size() < 3 || !parts.signed_info.has_only_elements()) return refuse("SignedInfo");
  if (!info[0].is(signature_namespace, "CanonicalizationMethod")) return refuse("CanonicalizationMethod");
  if (!info[1].is(signature_namespace, "SignatureMethod")) return refuse("SignatureMethod");
  for (std::size_t i = 2; i < info.size(); ++i) {
    if (!info[i].is(signature_namespace, "Reference")) return refuse(info[i].name());
    parts.references.push_back(info[i]);
  }
  if (parts.references.size() > most_xml_references) {
    flaw(view, "xml_too_many_references", std::to_string(most_xml_references));
    return std::nullopt;
  }
  return parts;
}

void read_method(const xml::Element& method, SignatureView& view) {
  view.algorithm_name = method.find_attribute("Algorithm").value_or("");
  view.algorithm = find_signature_algorithm(method);
  if (!method.find_all(signature_namespace, "HMACOutputLength").empty()) flaw(view, "xml_hmac_truncation");
  if (view.algorithm_name.find("#hmac-") != std::string::npos) flaw(view, "xml_hmac", view.algorithm_name);
}

SignatureView read_signature(Reading& reading, const xml::Element& signature,
                             const std::optional<xml::Element>& countersigned, int depth);

// Whether the element is a counter-signature in the unsigned properties of a signature; then that signature.
std::optional<xml::Element> find_countersigned(const xml::Element& signature) {
  std::optional<xml::Element> at = signature.parent();
  for (const char* name :
       {"CounterSignature", "UnsignedSignatureProperties", "UnsignedProperties", "QualifyingProperties"}) {
    if (!at || at->local_name() != name || !is_xades_namespace(at->namespace_uri())) return std::nullopt;
    at = at->parent();
  }
  if (!at || !at->is(signature_namespace, "Object")) return std::nullopt;
  const auto owner = at->parent();
  if (!owner || !owner->is(signature_namespace, "Signature")) return std::nullopt;
  return owner;
}

void read_counter_signatures(Reading& reading, const SignatureParts& parts, int depth, SignatureView& view) {
  for (const xml::Element& property : list_unsigned(parts)) {
    if (property.local_name() != "CounterSignature") continue;
    for (const xml::Element& signature : property.find_all(signature_namespace, "Signature")) {
      if (depth >= deepest_xml_counter_signature || ++reading.signatures > most_xml_signatures) {
        flaw(view, "xml_too_many_signatures", std::to_string(most_xml_signatures));
        return;
      }
      view.counter_signatures.push_back(read_signature(reading, signature, parts.value, depth + 1));
    }
  }
}

// The octets that were signed. nullopt: the flaw is told.
std::optional<base::Bytes> canonicalize_info(Reading& reading, const SignatureParts& parts, SignatureView& view) {
  const xml::Element method = parts.signed_info.children().front();
  const auto form = xml::find_canonicalization(method);
  const std::string uri = method.find_attribute("Algorithm").value_or("");
  if (std::find(view.transforms.begin(), view.transforms.end(), uri) == view.transforms.end())
    view.transforms.push_back(uri);
  if (!form) {
    flaw(view, "xml_canonicalization", uri);
    return std::nullopt;
  }
  if (!reading.spend(reading.cost_of(parts.signed_info))) {
    flaw(view, "xml_too_much_work");
    return std::nullopt;
  }
  auto octets = xml::canonicalize(*reading.document, parts.signed_info, *form);
  if (!octets) {
    flaw(view, "xml_namespace");
    return std::nullopt;
  }
  return std::move(*octets);
}

std::optional<base::Bytes> read_value(const SignatureParts& parts, SignatureView& view) {
  const auto text = parts.value.find_text();
  if (!text) {
    flaw(view, "xml_mixed_value", "SignatureValue");
    return std::nullopt;
  }
  auto value = xml::read_base64(*text);
  if (!value) flaw(view, "xml_base64", "SignatureValue");
  return value;
}

SignatureView read_signature(Reading& reading, const xml::Element& signature,
                             const std::optional<xml::Element>& countersigned, int depth) {
  SignatureView view;
  view.format = "XMLDSig";
  view.id = signature.find_attribute("Id").value_or("");
  if (const auto twice = reading.document->find_duplicate_id()) flaw(view, "xml_duplicate_id", *twice);
  if (!view.id.empty() && reading.document->find_by_id(view.id).count > 1) flaw(view, "xml_duplicate_id", view.id);
  auto parts = take_apart(signature, view);
  if (!parts) return view;
  parts->countersigned = countersigned;
  view.is_counter_signature = countersigned.has_value();
  read_method(parts->signed_info.children()[1], view);
  find_properties(reading, *parts, view);
  const auto references = read_references(reading, *parts, stamps_contents(*parts), view);
  read_signed_properties(*parts, view);
  read_embedded(*parts, view);
  const auto signed_octets = canonicalize_info(reading, *parts, view);
  const auto value = read_value(*parts, view);
  judge_value(*parts, signed_octets.value_or(""), value.value_or(""), view);
  if (!signed_octets || !value) view.is_value_right = false;
  read_timestamps(reading, *parts, references, view);
  read_counter_signatures(reading, *parts, depth, view);
  return view;
}

}  // namespace

DocumentView read_xades(base::BytesView octets, const std::vector<const Content*>& detached,
                        const xml::Limits& limits) {
  DocumentView view;
  xml::Parsed parsed = xml::parse(octets, limits);
  if (!parsed.document) {
    view.flaw = parsed.flaw;
    view.detail = parsed.detail;
    return view;
  }
  Reading reading{std::make_shared<const xml::Document>(std::move(*parsed.document)),
                  detached,
                  limits,
                  {},
                  std::max(least_work, passes * octets.size()),
                  0};
  const xml::Element root = reading.document->root();
  std::vector<xml::Element> signatures = root.find_below(signature_namespace, "Signature");
  std::erase_if(signatures, [](const xml::Element& signature) { return find_countersigned(signature).has_value(); });
  if (signatures.empty()) view.flaw = "xml_no_signature";
  if (signatures.size() > most_xml_signatures) {
    view.flaw = "xml_too_many_signatures";
    view.detail = std::to_string(most_xml_signatures);
  }
  if (!view.flaw.empty()) return view;
  for (const std::string_view version : xades_namespaces)
    for (const xml::Element& properties : root.find_below(version, "QualifyingProperties"))
      reading.properties.push_back(properties);
  reading.signatures = signatures.size();
  for (const xml::Element& signature : signatures)
    view.signatures.push_back(read_signature(reading, signature, std::nullopt, 0));
  for (const Content* content : detached)
    if (std::find(reading.used.begin(), reading.used.end(), content) == reading.used.end())
      for (SignatureView& one : view.signatures) one.uncovered = content->name().empty() ? "?" : content->name();
  return view;
}

}  // namespace signature
