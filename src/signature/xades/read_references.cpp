#include "signature/xades/read_references.hpp"

#include <algorithm>
#include <array>

#include "signature/xades/names.hpp"
#include "xml/transforms.hpp"

namespace signature {
namespace {

// Where a reference leads.
struct Target {
  enum class Kind : std::uint8_t {
    document,
    element,
    external,
    missing,  // nothing has that Id
    refused,  // the flaw is told
  };
  Kind kind = Kind::missing;
  std::optional<xml::Element> element;
  bool has_comments = false;
};

void note(std::vector<std::string>& names, std::string_view name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
}

// "x" of "xpointer(id('x'))". nullopt: another expression.
std::optional<std::string_view> find_pointed_id(std::string_view fragment) {
  for (const char* quote : {"'", "\""}) {
    const std::string head = std::string("xpointer(id(") + quote;
    const std::string tail = std::string(quote) + "))";
    if (fragment.starts_with(head) && fragment.ends_with(tail) && fragment.size() > head.size() + tail.size())
      return fragment.substr(head.size(), fragment.size() - head.size() - tail.size());
  }
  return std::nullopt;
}

bool is_id(std::string_view text) {
  return !text.empty() && text.find_first_of("()/'\"<>#%[] \t\r\n") == std::string_view::npos;
}

// Names that a root around a single signature has: EN 319 162-1 §A.5, and what programs write.
constexpr std::array<std::string_view, 3> wrappers{"Signatures", "XAdESSignatures", "document-signatures"};

// Namespaces of what stands in signatures by their own standards; the last one of evidence records (RFC 6283).
bool is_of_signatures(std::string_view uri) {
  constexpr std::array<std::string_view, 6> known{"http://www.w3.org/2000/09/xmldsig#",
                                                  "http://www.w3.org/2009/xmldsig11#",
                                                  "http://www.w3.org/2001/04/xmldsig-more#",
                                                  "http://www.w3.org/2007/05/xmldsig-more#",
                                                  "http://uri.etsi.org/",
                                                  "urn:ietf:params:xml:ns:ers"};
  return std::any_of(known.begin(), known.end(), [&](std::string_view one) { return uri.starts_with(one); });
}

bool is_external(const xml::Element& reference) {
  const auto uri = reference.find_attribute("URI");
  return !uri || (!uri->empty() && !uri->starts_with('#'));
}

class ReferenceReader {
 public:
  ReferenceReader(Reading& reading, const SignatureParts& parts, bool keeps_octets, SignatureView& view)
      : reading_(reading), parts_(parts), keeps_octets_(keeps_octets), view_(view) {
    externals_ =
        static_cast<std::size_t>(std::count_if(parts.references.begin(), parts.references.end(),
                                               [](const xml::Element& reference) { return is_external(reference); }));
  }

  std::vector<ReadReference> run() {
    view_.are_digests_right = true;
    std::vector<ReadReference> all;
    for (const xml::Element& reference : parts_.references) all.push_back(read(reference));
    judge_properties();
    judge_objects();
    if (view_.packaging.empty()) view_.packaging = name_of(Packaging::detached);
    if (parts_.countersigned && !is_countersigned_) flaw(view_, "xades_counter_signature");
    // A signature over nothing but its own properties says nothing about any content.
    const bool is_right = view_.are_digests_right && view_.unknown_digest.empty();
    if (view_.scope.empty() && view_.is_data_found && is_right && view_.format_flaw.empty()) miss("");
    // A part that is known to differ says more than one that cannot be compared.
    if (!view_.are_digests_right) view_.unknown_digest.clear();
    if (!view_.unknown_digest.empty()) view_.are_digests_right = false;
    if (!view_.is_data_found) view_.are_digests_right = view_.is_only_entry_wrong = false;
    return all;
  }

 private:
  void miss(std::string_view name) {
    if (!view_.is_data_found) return;
    view_.is_data_found = false;
    view_.missing_data = name;
  }
  void differ(std::string_view name) {
    view_.is_only_entry_wrong = is_in_manifest_ && (view_.are_digests_right || view_.is_only_entry_wrong);
    if (!view_.are_digests_right) return;
    view_.are_digests_right = false;
    view_.wrong_digest = name;
  }
  Target refuse(std::string_view code, std::string_view detail) {
    flaw(view_, code, detail);
    Target target;
    target.kind = Target::Kind::refused;
    return target;
  }

  Target find_by_id(std::string_view id, bool has_comments) {
    Target target;
    const xml::Identified found = reading_.document->find_by_id(id);
    if (found.count > 1) return refuse("xml_duplicate_id", id);
    if (found.count == 0) return target;
    target.kind = Target::Kind::element;
    target.element = found.element;
    target.has_comments = has_comments;
    return target;
  }
  // XML-DSig §4.4.3.2 and 4.4.3.3.
  Target find(const std::optional<std::string>& uri) {
    Target target;
    if (!uri || (!uri->empty() && uri->front() != '#')) {
      target.kind = Target::Kind::external;
      return target;
    }
    const std::string_view fragment = uri->empty() ? std::string_view() : std::string_view(*uri).substr(1);
    if (uri->empty() || fragment == "xpointer(/)") {
      target.kind = Target::Kind::document;
      target.has_comments = !uri->empty();
      return target;
    }
    if (const auto id = find_pointed_id(fragment)) return find_by_id(*id, true);
    if (const auto decoded = base::percent_decode(fragment, false); decoded && is_id(*decoded))
      return find_by_id(*decoded, false);
    return refuse("xml_uri", *uri);
  }

  // Names are compared as they are, decoded, and without folders.
  const Content* find_content(const std::optional<std::string>& uri, bool is_only) {
    if (is_only && reading_.detached.size() == 1) return use(reading_.detached.front());
    if (!uri) return nullptr;
    const auto decoded = base::percent_decode(*uri, false);
    const std::string plain = decoded ? *decoded : *uri;
    const std::string_view last = std::string_view(plain).substr(plain.find_last_of('/') + 1);
    for (const std::string_view wanted : {std::string_view(*uri), std::string_view(plain), last})
      for (const Content* content : reading_.detached)
        if (!content->name().empty() && content->name() == wanted) return use(content);
    return nullptr;
  }
  const Content* use(const Content* content) {
    reading_.used.push_back(content);
    return content;
  }

  // Digest method, digest value and transforms of a reference; nullopt: the flaw is told.
  struct Claim {
    std::optional<crypto::DigestKind> kind;
    base::Bytes digest;
    std::optional<xml::Element> transforms;
    std::string uri;  // of the digest
  };
  // Whether a digest by that algorithm can be compared here.
  bool is_known(const Claim& claim) {
    if (!claim.kind && view_.unknown_digest.empty()) view_.unknown_digest = claim.uri.empty() ? "?" : claim.uri;
    return claim.kind.has_value();
  }
  std::optional<Claim> read_claim(const xml::Element& reference) {
    const auto method = reference.find_only(signature_namespace, "DigestMethod");
    const auto value = reference.find_only(signature_namespace, "DigestValue");
    const std::vector<xml::Element> transforms = reference.find_all(signature_namespace, "Transforms");
    const std::size_t parts = 2 + transforms.size();
    if (!method || !value || transforms.size() > 1 || reference.children().size() != parts ||
        !reference.has_only_elements() ||
        (!transforms.empty() && !(reference.children().front() == transforms.front()))) {
      flaw(view_, "xml_signature_structure", "Reference");
      return std::nullopt;
    }
    const auto text = value->find_text();
    if (!text) {
      flaw(view_, "xml_mixed_value", "DigestValue");
      return std::nullopt;
    }
    auto digest = xml::read_base64(*text);
    if (!digest) {
      flaw(view_, "xml_base64", "DigestValue");
      return std::nullopt;
    }
    const std::string uri = method->find_attribute("Algorithm").value_or("");
    Claim claim{find_digest_kind(uri), std::move(*digest), {}, uri};
    note(view_.digests, claim.kind ? crypto::name_of(*claim.kind) : std::string_view(uri));
    if (!transforms.empty()) claim.transforms = transforms.front();
    return claim;
  }

  ReadReference read(const xml::Element& reference) {
    ReadReference result{reference, {}, {}, false};
    const auto claim = read_claim(reference);
    if (!claim) return result;
    const auto uri = reference.find_attribute("URI");
    const std::string type = reference.find_attribute("Type").value_or("");
    const Target target = find(uri);
    const std::string name = uri.value_or("");
    // By an expression the properties are found later.
    const bool is_by_filter = target.kind == Target::Kind::document && claim->transforms;
    if (is_properties_type(type) && !is_by_filter && !(target.element && target.element == parts_.signed_properties)) {
      flaw(view_, "xades_properties_elsewhere", name);
      return result;
    }
    switch (target.kind) {
      case Target::Kind::refused: break;
      case Target::Kind::missing: miss(name); break;
      case Target::Kind::external: read_external(uri, *claim, externals_ == 1, result); break;
      case Target::Kind::document:
      case Target::Kind::element: read_own(target, name, *claim, result); break;
    }
    if (is_properties_type(type) && is_by_filter && !result.is_properties)
      flaw(view_, "xades_properties_elsewhere", name);
    if (type == manifest_type && target.element) read_manifest(*target.element);
    return result;
  }

  bool compare(const Claim& claim, base::BytesView octets, std::string_view name) {
    if (!is_known(claim)) return false;
    if (crypto::digest(*claim.kind, octets) == claim.digest) return true;
    differ(name);
    return false;
  }

  void read_external(const std::optional<std::string>& uri, const Claim& claim, bool is_only, ReadReference& result) {
    const Content* const content = find_content(uri, is_only);
    const std::string name = content != nullptr && !content->name().empty() ? content->name() : uri.value_or("");
    if (content == nullptr) return miss(name);
    if (!claim.transforms) {
      if (!is_known(claim)) return;
      const auto digest = content->digest(*claim.kind);
      if (!digest) return miss(name);
      if (*digest != claim.digest) return differ(name);
    }
    if (claim.transforms || keeps_octets_) {
      auto octets = content->octets();
      if (octets && claim.transforms) {
        if (!reading_.spend(octets->size())) return static_cast<void>(flaw(view_, "xml_too_much_work"));
        xml::Transformed done = transform(claim, {nullptr, {}, std::move(*octets)});
        if (!done.flaw.empty()) return static_cast<void>(flaw(view_, done.flaw, done.detail));
        if (!compare(claim, done.octets, name)) return;
        octets = std::move(done.octets);
      }
      if (!octets && claim.transforms) return miss(name);
      if (octets) keep(std::move(*octets), result);
    }
    view_.scope.push_back({ScopePart::Kind::file, name});
    if (view_.packaging.empty()) view_.packaging = name_of(Packaging::detached);
  }

  void read_own(const Target& target, const std::string& name, const Claim& claim, ReadReference& result) {
    xml::Referenced from;
    from.document = reading_.document.get();
    from.selection.top = target.element;
    from.selection.has_comments = target.has_comments;
    const xml::Element whole = target.element ? *target.element : reading_.document->root();
    if (!reading_.spend(reading_.cost_of(whole))) return static_cast<void>(flaw(view_, "xml_too_much_work"));
    xml::Transformed done = transform(claim, std::move(from));
    if (!done.flaw.empty()) return static_cast<void>(flaw(view_, done.flaw, done.detail));
    const bool is_right = compare(claim, done.octets, name.empty() ? "/" : name);
    const std::optional<xml::Element> top = target.element ? target.element : done.selection.top;
    if (top && top == parts_.signed_properties) {
      result.is_properties = true;
      // Only a canonicalisation may stand between the properties and their digest, or the path that leads to them.
      are_properties_signed_ = std::all_of(done.algorithms.begin(), done.algorithms.end(), [&](const std::string& uri) {
        return xml::find_canonicalization(uri).has_value() || (!target.element && uri == filter_uri);
      });
    } else if (is_right) {
      cover(target, done, whole);
    }
    result.target = target.element;
    if (done.is_nodes && keeps_octets_) {
      result.stamped = StampedPart{nullptr, done.selection};
    } else {
      keep(std::move(done.octets), result);
    }
  }

  xml::Transformed transform(const Claim& claim, xml::Referenced from) {
    xml::Transformed done = xml::apply_transforms(claim.transforms, std::move(from), parts_.signature, reading_.limits);
    for (const std::string& uri : done.algorithms) note(view_.transforms, uri);
    return done;
  }
  void keep(base::Bytes octets, ReadReference& result) const {
    if (keeps_octets_) result.stamped = StampedPart{std::make_shared<const base::Bytes>(std::move(octets)), {}};
  }

  void pack_as(Packaging packaging) {
    // Enveloped says more than enveloping, and that more than detached.
    const std::string name(name_of(packaging));
    if (view_.packaging.empty() || packaging == Packaging::enveloped ||
        (packaging == Packaging::enveloping && view_.packaging == name_of(Packaging::detached)))
      view_.packaging = name;
  }

  // A comment that no digest covers can be put into a signed text, or taken out of it, and a program that takes the
  // text before it for all of it reads something else than was signed.
  void note_comments(const xml::Transformed& done, const xml::Element& top) {
    const bool are_signed = done.selection.has_comments &&
                            std::any_of(done.algorithms.begin(), done.algorithms.end(),
                                        [](const std::string& uri) { return uri.ends_with("#WithComments"); });
    // Those beside the root are of the document, of which the root is all that can be selected.
    const bool is_of_document = top == reading_.document->root() && reading_.document->has_comments_outside();
    if (!are_signed && (is_of_document || top.has_comments_below())) note(view_.notes, "comments_not_signed");
  }
  // What a right digest covers.
  void cover(const Target& target, const xml::Transformed& done, const xml::Element& whole) {
    const xml::Element top = done.selection.top ? *done.selection.top : whole;
    note_comments(done, top);
    // A signature that is the document leaves nothing of it when it is taken out.
    if (done.is_enveloped && (top == parts_.signature || done.octets.empty())) return;
    const bool is_text_only =
        std::find(done.algorithms.begin(), done.algorithms.end(), base64_uri) != done.algorithms.end();
    if (parts_.countersigned && top == *parts_.countersigned) {
      is_countersigned_ = true;
      view_.scope.push_back({ScopePart::Kind::element, top.path()});
      return pack_as(Packaging::detached);
    }
    if (!(top == parts_.signature) && parts_.signature.contains(top)) {
      // Of elements below base64 only their text is signed: not what they are, nor where they begin.
      const bool is_plain = !is_text_only || top.find_text().has_value();
      return cover_own(top, is_plain);
    }
    const bool is_around = top.contains(parts_.signature);
    const bool is_whole = target.kind == Target::Kind::document || top == reading_.document->root();
    pack_as(is_around ? Packaging::enveloped : Packaging::detached);
    // What stands beside the root is signed with the document and not with its root element.
    const bool is_bare = done.selection.top && reading_.document->has_instructions_outside();
    const bool is_full = is_whole && top == reading_.document->root() && !is_text_only && !is_bare;
    view_.scope.push_back(is_full ? ScopePart{ScopePart::Kind::full, ""}
                                  : ScopePart{ScopePart::Kind::element, top.path()});
  }
  // A part of the signature itself: one of its objects, or something that is no content (ds:KeyInfo).
  void cover_own(const xml::Element& top, bool is_plain) {
    if (is_plain) covered_.push_back(top);
    for (const xml::Element& object : parts_.objects) {
      if (!object.contains(top) || (parts_.qualifying && object.contains(*parts_.qualifying))) continue;
      const std::vector<xml::Element> inside = object.children();
      // An object is covered by a reference to itself, or to all that is in it.
      const bool is_covered =
          is_plain && (top == object || (inside.size() == 1 && inside.front() == top && object.has_only_elements()));
      own_.push_back({object, top, is_covered});
      pack_as(Packaging::enveloping);
    }
  }
  // Some programs put a single signature into a root of their own. It is not signed, so it must say nothing itself.
  [[nodiscard]] bool is_document() const {
    const xml::Element root = reading_.document->root();
    if (reading_.document->has_instructions_outside()) return false;
    if (parts_.signature == root) return true;
    const std::vector<xml::Element> inside = root.children();
    const bool is_wrapper = std::find(wrappers.begin(), wrappers.end(), root.local_name()) != wrappers.end();
    return is_wrapper && !root.has_attributes() && inside.size() == 1 && inside.front() == parts_.signature &&
           root.has_only_elements();
  }
  // Whether something stands in an unsigned place of the signature that a program could take for content: an element
  // that is none of signatures, or text where none belongs (signature wrapping into ds:KeyInfo and the like).
  [[nodiscard]] bool hides_content(const xml::Element& element) const {
    const auto& properties = parts_.signed_properties;
    if ((properties && element == *properties) || element == parts_.signed_info) return false;
    if (std::find(covered_.begin(), covered_.end(), element) != covered_.end()) return false;
    if (!is_of_signatures(element.namespace_uri())) return true;
    const std::vector<xml::Element> inside = element.children();
    if (!inside.empty() && !element.has_only_elements()) return true;
    return std::any_of(inside.begin(), inside.end(), [&](const xml::Element& child) { return hides_content(child); });
  }
  // Whether each object of the signature holds only its properties or is covered by a reference.
  [[nodiscard]] bool are_objects_covered() const {
    return std::all_of(parts_.objects.begin(), parts_.objects.end(), [&](const xml::Element& object) {
      if (parts_.qualifying && object.contains(*parts_.qualifying))
        return object.children().size() == 1 && object.has_only_elements();
      return std::any_of(own_.begin(), own_.end(),
                         [&](const Own& own) { return own.is_covered && own.object == object; });
    });
  }
  // A signature that is the document covers all of it, if it covers each of its objects. An object that nobody signed,
  // inside of an enveloped signature, is a part of the document that is not covered.
  void judge_objects() {
    const bool is_covered = are_objects_covered() && !hides_content(parts_.signature);
    if (!is_covered)
      for (ScopePart& part : view_.scope)
        if (part.kind == ScopePart::Kind::full) part = {ScopePart::Kind::element, reading_.document->root().path()};
    if (own_.empty()) return;
    if (is_covered && is_document()) return view_.scope.push_back({ScopePart::Kind::full, ""});
    for (const Own& own : own_) view_.scope.push_back({ScopePart::Kind::element, own.top.path()});
  }

  void judge_properties() {
    if (!parts_.signed_properties || are_properties_signed_ || !view_.format_flaw.empty()) return;
    flaw(view_, "xades_properties_not_signed");
  }

  // XML-DSig §5.1: entries of a manifest are the application's business. One that is at hand must be right.
  void read_manifest(const xml::Element& referenced) {
    std::optional<xml::Element> manifest = referenced.find_only(signature_namespace, "Manifest");
    if (referenced.is(signature_namespace, "Manifest")) manifest = referenced;
    if (!manifest) return static_cast<void>(flaw(view_, "xml_signature_structure", "Manifest"));
    const std::vector<xml::Element> entries = manifest->find_all(signature_namespace, "Reference");
    if (entries.size() > most_xml_references)
      return static_cast<void>(flaw(view_, "xml_too_many_references", std::to_string(most_xml_references)));
    is_in_manifest_ = true;
    for (const xml::Element& entry : entries) read_entry(entry);
    is_in_manifest_ = false;
  }
  void read_entry(const xml::Element& entry) {
    const auto claim = read_claim(entry);
    if (!claim) return;
    const auto uri = entry.find_attribute("URI");
    const Target target = find(uri);
    xml::Referenced from;
    std::string name = uri.value_or("");
    if (target.kind == Target::Kind::external) {
      const Content* const content = find_content(uri, externals_ == 0);
      if (content == nullptr) return;
      if (!content->name().empty()) name = content->name();
      if (!claim->transforms) {
        if (!is_known(*claim)) return;
        const auto digest = content->digest(*claim->kind);
        if (!digest) return;
        if (*digest != claim->digest) return differ(name);
        return view_.scope.push_back({ScopePart::Kind::manifest, name});
      }
      auto octets = content->octets();
      if (!octets) return;
      from.octets = std::move(*octets);
    } else if (target.kind == Target::Kind::document || target.kind == Target::Kind::element) {
      from.document = reading_.document.get();
      from.selection.top = target.element;
      from.selection.has_comments = target.has_comments;
      name = target.element ? target.element->path() : "/";
    } else {
      return;
    }
    const std::size_t size = from.document == nullptr
                                 ? from.octets.size()
                                 : reading_.cost_of(target.element ? *target.element : reading_.document->root());
    if (!reading_.spend(size)) return static_cast<void>(flaw(view_, "xml_too_much_work"));
    const xml::Transformed done = transform(*claim, std::move(from));
    if (!done.flaw.empty()) return static_cast<void>(flaw(view_, done.flaw, done.detail));
    if (compare(*claim, done.octets, name)) view_.scope.push_back({ScopePart::Kind::manifest, name});
  }

  struct Own {
    xml::Element object;
    xml::Element top;
    bool is_covered;
  };

  Reading& reading_;
  const SignatureParts& parts_;
  const bool keeps_octets_;
  SignatureView& view_;
  std::size_t externals_ = 0;
  bool are_properties_signed_ = false;
  bool is_countersigned_ = false;
  bool is_in_manifest_ = false;
  std::vector<Own> own_;
  std::vector<xml::Element> covered_;  // parts of the signature itself, all of each
};

}  // namespace

std::vector<ReadReference> read_references(Reading& reading, const SignatureParts& parts, bool keeps_octets,
                                           SignatureView& view) {
  return ReferenceReader(reading, parts, keeps_octets, view).run();
}

}  // namespace signature
