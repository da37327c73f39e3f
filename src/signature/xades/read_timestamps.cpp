#include "signature/xades/read_timestamps.hpp"

#include <algorithm>

#include "signature/xades/names.hpp"
#include "signature/xades/read_properties.hpp"
#include "xml/transforms.hpp"

namespace signature {
namespace {

using Imprint = std::function<std::optional<base::Bytes>(crypto::DigestKind)>;

std::optional<xml::Element> find_group(const SignatureParts& parts, std::string_view outer, std::string_view inner) {
  if (!parts.qualifying) return std::nullopt;
  const std::string version(parts.qualifying->namespace_uri());
  const auto properties = parts.qualifying->find_only(version, outer);
  return properties ? properties->find_only(version, inner) : std::nullopt;
}

std::optional<xml::Canonicalization> find_form(const xml::Element& timestamp) {
  const auto method = timestamp.find_only(signature_namespace, "CanonicalizationMethod");
  // "If the element is not present, the standard canonicalization method as specified by XMLDSIG shall be used."
  if (!method) return xml::Canonicalization{xml::CanonicalForm::inclusive_1_0, false, {}};
  return xml::find_canonicalization(*method);
}

// What is stamped; nodes are canonicalised when somebody asks.
struct Stamped {
  std::shared_ptr<const xml::Document> document;
  std::vector<StampedPart> parts;
  xml::Canonicalization form;
};

std::optional<base::Bytes> digest_of(const Stamped& stamped, crypto::DigestKind kind) {
  base::Bytes all;
  for (const StampedPart& part : stamped.parts) {
    if (part.octets) {
      all += *part.octets;
      continue;
    }
    const auto canonical = xml::canonicalize(*stamped.document, part.nodes, stamped.form);
    if (!canonical) return std::nullopt;
    all += *canonical;
  }
  return crypto::digest(kind, all);
}

class TimestampReader {
 public:
  TimestampReader(Reading& reading, const SignatureParts& parts, const std::vector<ReadReference>& references,
                  SignatureView& view)
      : reading_(reading), parts_(parts), references_(references), view_(view) {}

  void run() {
    if (const auto group = find_group(parts_, "SignedProperties", "SignedDataObjectProperties"))
      for (const xml::Element& property : group->children()) {
        if (property.local_name() == "AllDataObjectsTimeStamp")
          add(property, TimestampNote::Kind::content, stamp_contents(property));
        if (property.local_name() == "IndividualDataObjectsTimeStamp")
          add(property, TimestampNote::Kind::content, stamp_some(property));
      }
    const std::vector<xml::Element> properties = list_unsigned(parts_);
    for (std::size_t i = 0; i < properties.size(); ++i) {
      const xml::Element& property = properties[i];
      const std::string_view name = property.local_name();
      const std::vector<xml::Element> before(properties.begin(), properties.begin() + static_cast<std::ptrdiff_t>(i));
      if (name == "SignatureTimeStamp") {
        add(property, TimestampNote::Kind::signature, begin(property, {parts_.value}));
      } else if (name == "SigAndRefsTimeStamp" || name == "SigAndRefsTimeStampV2") {
        add(property, TimestampNote::Kind::signature, stamp_references(property, before));
      } else if (name == "RefsOnlyTimeStamp" || name == "RefsOnlyTimeStampV2") {
        // It says nothing about the signature, only about certificates and revocation.
        add(property, TimestampNote::Kind::references, stamp_only_references(property, before));
      } else if (name == "ArchiveTimeStamp" || name == "ArchiveTimeStampV2") {
        add(property, TimestampNote::Kind::archive, stamp_archive(property, before));
      }
    }
  }

 private:
  // nullopt: a canonicalisation that is not known, or too much work.
  std::optional<Stamped> begin(const xml::Element& timestamp, const std::vector<xml::Element>& elements) {
    const auto form = find_form(timestamp);
    if (!form) return std::nullopt;
    Stamped stamped{reading_.document, {}, *form};
    if (!append(elements, stamped)) return std::nullopt;
    return stamped;
  }
  bool append(const std::vector<xml::Element>& elements, Stamped& stamped) {
    for (const xml::Element& element : elements) {
      if (!reading_.spend(reading_.cost_of(element))) return false;
      xml::Selection nodes;
      nodes.top = element;
      nodes.has_comments = stamped.form.has_comments;
      stamped.parts.push_back({nullptr, nodes});
    }
    return true;
  }
  bool append(const ReadReference& reference, Stamped& stamped) {
    if (!reference.stamped) return false;
    if (!reference.stamped->octets && !reading_.spend(reading_.cost_of(reading_.document->root()))) return false;
    stamped.parts.push_back(*reference.stamped);
    return true;
  }

  std::optional<Stamped> stamp_contents(const xml::Element& timestamp) {
    auto stamped = begin(timestamp, {});
    for (const ReadReference& reference : references_) {
      if (reference.is_properties) continue;
      if (!stamped || !append(reference, *stamped)) return std::nullopt;
    }
    return stamped;
  }
  // EN 319 132-1 §5.2.8.2: the references that xades:Include names, in its order.
  std::optional<Stamped> stamp_some(const xml::Element& timestamp) {
    auto stamped = begin(timestamp, {});
    const std::vector<xml::Element> included = timestamp.find_all(timestamp.namespace_uri(), "Include");
    if (included.empty()) return std::nullopt;
    for (const xml::Element& include : included) {
      const std::string uri = include.find_attribute("URI").value_or("");
      const auto found = std::find_if(references_.begin(), references_.end(), [&](const ReadReference& reference) {
        const auto id = reference.element.find_attribute("Id");
        return id && uri == "#" + *id;
      });
      if (!stamped || found == references_.end() || !append(*found, *stamped)) return std::nullopt;
    }
    return stamped;
  }
  static bool is_reference(std::string_view name) {
    return name.starts_with("CompleteCertificateRefs") || name == "CompleteRevocationRefs" ||
           name.starts_with("AttributeCertificateRefs") || name == "AttributeRevocationRefs";
  }
  // TS 101 903 §7.5.2.1: the references alone, in order of appearance. Without any it covers nothing.
  std::optional<Stamped> stamp_only_references(const xml::Element& timestamp, const std::vector<xml::Element>& before) {
    std::vector<xml::Element> elements;
    for (const xml::Element& property : before)
      if (is_reference(property.local_name())) elements.push_back(property);
    if (elements.empty()) return std::nullopt;
    return begin(timestamp, elements);
  }
  // TS 101 903 §7.5.1.1: the value, then in order of appearance time stamps over it and references to what proves it.
  std::optional<Stamped> stamp_references(const xml::Element& timestamp, const std::vector<xml::Element>& before) {
    std::vector<xml::Element> elements{parts_.value};
    for (const xml::Element& property : before) {
      const std::string_view name = property.local_name();
      if (name == "SignatureTimeStamp" || is_reference(name)) elements.push_back(property);
    }
    return begin(timestamp, elements);
  }
  // EN 319 132-1 §5.5.2.2; TS 101 903 V1.3.2 §7.7.1, which leaves out objects that a reference covers already.
  std::optional<Stamped> stamp_archive(const xml::Element& timestamp, const std::vector<xml::Element>& before) {
    auto stamped = begin(timestamp, {});
    if (!stamped) return std::nullopt;
    for (const ReadReference& reference : references_)
      if (!append(reference, *stamped)) return std::nullopt;
    std::vector<xml::Element> elements{parts_.signed_info, parts_.value};
    elements.insert(elements.end(), parts_.key_info.begin(), parts_.key_info.end());
    elements.insert(elements.end(), before.begin(), before.end());
    for (const xml::Element& object : parts_.objects) {
      const bool is_referenced =
          std::any_of(references_.begin(), references_.end(),
                      [&](const ReadReference& reference) { return reference.target == object; });
      const bool is_left_out = is_referenced && timestamp.namespace_uri() != xades141_namespace;
      const bool has_properties = parts_.qualifying && object.contains(*parts_.qualifying);
      if (!is_left_out && !has_properties) elements.push_back(object);
    }
    if (!append(elements, *stamped)) return std::nullopt;
    return stamped;
  }

  void add(const xml::Element& timestamp, TimestampNote::Kind kind, std::optional<Stamped> stamped) {
    Imprint find_imprint = [](crypto::DigestKind /*kind*/) -> std::optional<base::Bytes> { return std::nullopt; };
    const bool is_known = stamped.has_value();
    if (is_known) {
      const auto shared = std::make_shared<const Stamped>(std::move(*stamped));
      find_imprint = [shared](crypto::DigestKind digest) { return digest_of(*shared, digest); };
    }
    // One for the archive covers what stands in front of it.
    std::function<bool(base::BytesView)> covers;
    if (kind == TimestampNote::Kind::archive && is_known) {
      auto before = std::make_shared<std::vector<base::Bytes>>();
      for (const TimestampView& one : view_.timestamps) before->push_back(one.token);
      covers = [before](base::BytesView token) {
        return std::find(before->begin(), before->end(), token) != before->end();
      };
    }
    bool has_token = false;
    for (const xml::Element& child : timestamp.children()) {
      if (child.local_name() != "EncapsulatedTimeStamp" && child.local_name() != "XMLTimeStamp") continue;
      if (view_.timestamps.size() >= most_embedded) return;
      const auto text = child.local_name() == "EncapsulatedTimeStamp" ? child.find_text() : std::nullopt;
      auto token = text ? xml::read_base64(*text) : std::nullopt;
      view_.timestamps.push_back({kind, token ? std::move(*token) : base::Bytes(), find_imprint, covers});
      has_token = true;
    }
    // One that cannot be read proves nothing; it is not passed over.
    if (!has_token) view_.timestamps.push_back({kind, {}, find_imprint});
  }

  Reading& reading_;
  const SignatureParts& parts_;
  const std::vector<ReadReference>& references_;
  SignatureView& view_;
};

}  // namespace

bool stamps_contents(const SignatureParts& parts) {
  const auto group = find_group(parts, "SignedProperties", "SignedDataObjectProperties");
  std::vector<xml::Element> properties = list_unsigned(parts);
  if (group)
    for (const xml::Element& property : group->children()) properties.push_back(property);
  return std::any_of(properties.begin(), properties.end(), [](const xml::Element& property) {
    const std::string_view name = property.local_name();
    return name == "AllDataObjectsTimeStamp" || name == "IndividualDataObjectsTimeStamp" || name == "ArchiveTimeStamp";
  });
}

void read_timestamps(Reading& reading, const SignatureParts& parts, const std::vector<ReadReference>& references,
                     SignatureView& view) {
  TimestampReader(reading, parts, references, view).run();
}

}  // namespace signature
