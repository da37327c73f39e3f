// What the readers of one XML document share. For this corridor only.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "signature/form/content.hpp"
#include "signature/form/signature_view.hpp"
#include "xml/canonicalize.hpp"
#include "xml/document.hpp"

namespace signature {

inline constexpr std::size_t most_xml_signatures = 100;
inline constexpr std::size_t most_xml_references = 100;
inline constexpr std::size_t most_embedded = 100;  // certificates, lists and answers of one signature
inline constexpr int deepest_xml_counter_signature = 4;

struct Reading {
  std::shared_ptr<const xml::Document> document;
  const std::vector<const Content*>& detached;
  const xml::Limits& limits;
  std::vector<xml::Element> properties;  // every xades:QualifyingProperties of the document
  std::size_t work = 0;                  // octets that may still be canonicalised, so that no document costs hours
  std::size_t signatures = 0;
  std::vector<const Content*> used{};  // contents to which a reference leads

  /// False: too much.
  bool spend(std::size_t octets) {
    if (octets > work) return false;
    work -= octets;
    return true;
  }
  /// Of one canonicalisation, in octets; a search of prefixes takes an eighth of what an octet takes.
  [[nodiscard]] std::size_t cost_of(const xml::Element& element) const {
    const xml::Span span = document->span_of(element);
    return span.end - span.start + static_cast<std::size_t>(span.namespace_work / 8);
  }
};

/// Keeps the first flaw. False, so that a check can end with it.
inline bool flaw(SignatureView& view, std::string_view code, std::string_view detail = "") {
  if (view.format_flaw.empty()) {
    view.format_flaw = code;
    view.format_detail = detail.substr(0, 200);
  }
  return false;
}

/// One ds:Signature taken apart.
struct SignatureParts {
  xml::Element signature;
  xml::Element signed_info;
  xml::Element value;
  std::vector<xml::Element> key_info;  // one, or none
  std::vector<xml::Element> objects;
  std::vector<xml::Element> references;
  std::optional<xml::Element> qualifying;         // xades:QualifyingProperties in an own object
  std::optional<xml::Element> signed_properties;  // below it
  std::optional<xml::Element> countersigned;      // ds:SignatureValue of the signature that this one counter-signs
};

/// What a time stamp covers of a document: octets, or nodes that are written by its own canonicalisation.
struct StampedPart {
  std::shared_ptr<const base::Bytes> octets;  // nullptr: nodes
  xml::Selection nodes;
};

/// What a reference gave for time stamps over contents; nullopt = it is not at hand.
struct ReadReference {
  xml::Element element;
  std::optional<StampedPart> stamped;
  std::optional<xml::Element> target;
  bool is_properties = false;
};

}  // namespace signature
