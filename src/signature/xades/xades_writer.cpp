#include "signature/xades/xades_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "crypto/signing/soft_key.hpp"
#include "signature/xades/add_unsigned.hpp"
#include "signature/xades/issuer_serial.hpp"
#include "signature/xades/names.hpp"
#include "signature/xades/signed_text.hpp"
#include "xml/canonicalize.hpp"
#include "xml/find_elements.hpp"
#include "xml/write_text.hpp"

namespace signature {
namespace {

constexpr std::string_view declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
// Stands where a signature goes into a text; no XML holds it.
constexpr char mark = '\0';

tl::unexpected<base::Error> refuse(std::string code, std::string_view detail = "") {
  return base::fail(base::Code::invalid_input, std::move(code) + ": " + std::string(detail));
}

base::Result<xml::Document> read_document(base::BytesView octets, const xml::Limits& limits) {
  xml::Parsed parsed = xml::parse(octets, limits);
  if (!parsed.document) return refuse(parsed.flaw, parsed.detail);
  // A reader refuses such a document, whoever signs it.
  if (const auto twice = parsed.document->find_duplicate_id()) return refuse("xml_duplicate_id", *twice);
  return std::move(*parsed.document);
}

// A text in the making, and the encoding that it gets.
struct Frame {
  std::string head;
  std::string tail;
  xml::Encoding encoding = xml::Encoding::utf8;
};
Frame split(const std::string& text, xml::Encoding encoding) {
  const std::size_t at = text.find(mark);
  return {text.substr(0, at), text.substr(at + 1), encoding};
}

// The state between the steps: texts, each with its length.
base::Bytes pack(const std::array<base::BytesView, 6>& parts) {
  base::Bytes out = "xades-1\n";
  for (const base::BytesView part : parts) out.append(std::to_string(part.size())).append(":").append(part);
  return out;
}
bool unpack(base::BytesView state, std::array<base::BytesView, 6>& parts) {
  constexpr base::BytesView head = "xades-1\n";
  if (!state.starts_with(head)) return false;
  state.remove_prefix(head.size());
  for (base::BytesView& part : parts) {
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(state.data(), state.data() + state.size(), size);
    state.remove_prefix(static_cast<std::size_t>(end - state.data()));
    if (error != std::errc() || !state.starts_with(':') || state.size() - 1 < size) return false;
    part = state.substr(1, size);
    state.remove_prefix(1 + size);
  }
  return state.empty();
}

// One signature in the making.
class Writer {
 public:
  Writer(const SignatureWish& wish, crypto::cms::CertificateParts parts)
      : wish_(wish), parts_(std::move(parts)), ids_(wish.unique_part) {}

  static base::Result<Writer> begin(const SignatureWish& wish) {
    if (std::string flaw = find_flaw(wish); !flaw.empty()) return refuse(std::move(flaw));
    auto parts = crypto::cms::read_certificate_parts(wish.certificate);
    if (!parts) return refuse("xades_certificate");
    const auto fitting = crypto::list_algorithms_of(parts->spki);
    if (std::find(fitting.begin(), fitting.end(), wish.algorithm) == fitting.end())
      return refuse("xades_algorithm", name_of(wish.algorithm));
    return Writer(wish, std::move(*parts));
  }

  [[nodiscard]] const Ids& ids() const { return ids_; }
  [[nodiscard]] base::Result<void> demand_free_ids(const xml::Document& document) const {
    for (const std::string* id : {&ids_.signature, &ids_.value, &ids_.properties, &ids_.object})
      if (document.find_by_id(*id).count > 0) return refuse("xades_id_taken", *id);
    return {};
  }

  void add(WrittenReference reference) { references_.push_back(std::move(reference)); }
  void add_object(std::string text) { object_ = std::move(text); }

  /// ds:Signature with the mark where its value belongs.
  std::string write() {
    const crypto::DigestKind kind = wish_.algorithm.digest;
    std::vector<WrittenReference> all = references_;
    all.push_back({"#" + ids_.properties,
                   std::string(properties_type),
                   {std::string(exclusive_uri)},
                   crypto::digest(kind, write_properties(wish_, parts_, ids_, references_, true)),
                   ""});
    to_be_signed_ = write_signed_info(wish_, ids_, all, true);
    std::string out = "<ds:Signature xmlns:ds=\"" + std::string(signature_namespace) + "\" Id=\"" + ids_.signature +
                      "\">" + write_signed_info(wish_, ids_, all, false) + "<ds:SignatureValue Id=\"" + ids_.value +
                      "\">" + mark + "</ds:SignatureValue><ds:KeyInfo><ds:X509Data>";
    const auto certify = [&](base::BytesView der) {
      out += "<ds:X509Certificate>" + base::to_base64(der) + "</ds:X509Certificate>";
    };
    certify(wish_.certificate);
    for (const base::Bytes& above : wish_.chain) certify(above);
    out += "</ds:X509Data></ds:KeyInfo>" + object_ + "<ds:Object><xades:QualifyingProperties xmlns:xades=\"" +
           std::string(xades_namespace) + "\" Target=\"#" + ids_.signature + "\">" +
           write_properties(wish_, parts_, ids_, references_, false) +
           "</xades:QualifyingProperties></ds:Object></ds:Signature>";
    return out;
  }
  [[nodiscard]] Prepared finish(const Frame& frame) const {
    const char encoding = static_cast<char>('0' + static_cast<int>(frame.encoding));
    return {to_be_signed_, wish_.algorithm,
            pack({base::BytesView(&encoding, 1), name_of(wish_.algorithm), parts_.spki, to_be_signed_, frame.head,
                  frame.tail})};
  }

 private:
  const SignatureWish& wish_;
  crypto::cms::CertificateParts parts_;
  Ids ids_;
  std::vector<WrittenReference> references_;
  std::string object_;
  std::string to_be_signed_;
};

bool is_xml(std::string_view media_type) {
  const std::string_view type = media_type.substr(0, media_type.find(';'));
  return type == "text/xml" || type == "application/xml" || type.ends_with("+xml");
}

base::Result<xml::Element> find_place(const xml::Document& document, const std::string& path) {
  if (path.empty()) return document.root();
  const auto found = xml::find_elements(document, path);
  if (!found) return refuse("xades_element_syntax", path.substr(0, 200));
  if (found->empty()) return refuse("xades_element_not_found", path.substr(0, 200));
  if (found->size() > 1) return refuse("xades_element_ambiguous", path.substr(0, 200));
  for (std::optional<xml::Element> at = found->front(); at; at = at->parent())
    if (at->is(signature_namespace, "Signature")) return refuse("xades_element_not_found", path.substr(0, 200));
  return found->front();
}

base::Result<Prepared> prepare_enveloped(const SignatureWish& wish, const Content& content, const xml::Limits& limits) {
  ASSIGN_OR_RETURN(Writer writer, Writer::begin(wish));
  ASSIGN_OR_RETURN(const base::Bytes octets, content.octets());
  ASSIGN_OR_RETURN(const xml::Document document, read_document(octets, limits));
  ASSIGN_OR_RETURN(const xml::Element place, find_place(document, wish.element));
  RETURN_IF_ERROR(writer.demand_free_ids(document));
  xml::Selection selection;
  selection.has_signatures = false;
  ASSIGN_OR_RETURN(const base::Bytes canonical, xml::canonicalize(document, selection));
  writer.add({"",
              "",
              {std::string(xpath_uri), std::string(exclusive_uri)},
              crypto::digest(wish.algorithm.digest, canonical),
              wish.media_type.empty() ? "text/xml" : wish.media_type});
  return writer.finish(split(xml::insert_last(document, place, writer.write()), document.encoding()));
}

base::Result<Prepared> prepare_sibling(const SignatureWish& wish, const Content& content, const xml::Limits& limits) {
  ASSIGN_OR_RETURN(Writer writer, Writer::begin(wish));
  ASSIGN_OR_RETURN(const base::Bytes octets, content.octets());
  ASSIGN_OR_RETURN(const xml::Document document, read_document(octets, limits));
  ASSIGN_OR_RETURN(const xml::Element place, find_place(document, wish.element));
  RETURN_IF_ERROR(writer.demand_free_ids(document));
  if (place == document.root()) return refuse("xades_element_is_root");
  std::string id;
  for (const char* name : {"Id", "ID", "id"})
    if (id.empty()) id = place.find_attribute(name).value_or("");
  if (id.empty() || document.find_by_id(id).count != 1 || id.find_first_of(" \t\r\n#'\"()%&<") != std::string::npos)
    return refuse("xades_element_without_id", wish.element.substr(0, 200));
  ASSIGN_OR_RETURN(const base::Bytes canonical, xml::canonicalize(document, place));
  writer.add({"#" + id,
              "",
              {std::string(exclusive_uri)},
              crypto::digest(wish.algorithm.digest, canonical),
              wish.media_type.empty() ? "text/xml" : wish.media_type});
  return writer.finish(split(xml::insert_behind(document, place, writer.write()), document.encoding()));
}

base::Result<Prepared> prepare_enveloping(const SignatureWish& wish, const Content& content,
                                          const xml::Limits& limits) {
  ASSIGN_OR_RETURN(Writer writer, Writer::begin(wish));
  ASSIGN_OR_RETURN(const base::Bytes octets, content.octets());
  const std::string id = writer.ids().object;
  const std::string media_type = wish.media_type.empty() ? "application/octet-stream" : wish.media_type;
  WrittenReference reference{"#" + id, std::string(object_type), {}, "", media_type};
  const std::string mime = " MimeType=\"" + xml::escape_value(media_type) + "\"";
  std::string object;
  if (is_xml(media_type)) {
    ASSIGN_OR_RETURN(const xml::Document inner, read_document(octets, limits));
    RETURN_IF_ERROR(writer.demand_free_ids(inner));
    const xml::Span span = inner.span_of(inner.root());
    object = "<ds:Object Id=\"" + id + "\"" + mime + ">" +
             std::string(inner.text().substr(span.start, span.end - span.start)) + "</ds:Object>";
    // Its canonical form is that of its place, where the prefix "ds" is declared already.
    xml::Limits outer = limits;
    outer.depth += 1;
    outer.octets += 1024;
    ASSIGN_OR_RETURN(const xml::Document placed,
                     read_document("<ds:Signature xmlns:ds=\"" + std::string(signature_namespace) + "\">" + object +
                                       "</ds:Signature>",
                                   outer));
    ASSIGN_OR_RETURN(const base::Bytes canonical, xml::canonicalize(placed, placed.root().children().front()));
    reference.transforms = {std::string(exclusive_uri)};
    reference.digest = crypto::digest(wish.algorithm.digest, canonical);
  } else {
    object = "<ds:Object Encoding=\"" + std::string(base64_uri) + "\" Id=\"" + id + "\"" + mime + ">" +
             base::to_base64(octets) + "</ds:Object>";
    reference.transforms = {std::string(base64_uri)};
    reference.digest = crypto::digest(wish.algorithm.digest, octets);
  }
  writer.add(std::move(reference));
  writer.add_object(std::move(object));
  return writer.finish(split(std::string(declaration) + writer.write(), xml::Encoding::utf8));
}

base::Result<Prepared> prepare_detached(const SignatureWish& wish, const std::vector<const Content*>& contents) {
  ASSIGN_OR_RETURN(Writer writer, Writer::begin(wish));
  std::vector<std::string> names;
  for (const Content* content : contents) {
    const std::string& name = content->name();
    if (name.empty() || !xml::is_text(name) || std::find(names.begin(), names.end(), name) != names.end())
      return refuse("xades_content_name", name.substr(0, 200));
    names.push_back(name);
    ASSIGN_OR_RETURN(base::Bytes digest, content->digest(wish.algorithm.digest));
    writer.add({base::percent_encode(name),
                "",
                {},
                std::move(digest),
                wish.media_type.empty() ? "application/octet-stream" : wish.media_type});
  }
  return writer.finish(split(std::string(declaration) + writer.write(), xml::Encoding::utf8));
}

}  // namespace

std::string xades_id_of(const SignatureWish& wish) {
  return Ids(wish.unique_part).signature;
}

base::Result<Prepared> prepare_xades(const SignatureWish& wish, const std::vector<const Content*>& contents,
                                     const xml::Limits& limits) {
  if (contents.empty() || contents.size() > 100) return refuse("xades_no_content");
  const bool is_of_many = wish.packaging == Packaging::detached && wish.element.empty();
  if (contents.size() > 1 && !is_of_many) return refuse("xades_one_content");
  switch (wish.packaging) {
    case Packaging::enveloped: return prepare_enveloped(wish, *contents.front(), limits);
    case Packaging::enveloping: return prepare_enveloping(wish, *contents.front(), limits);
    case Packaging::detached: break;
  }
  return is_of_many ? prepare_detached(wish, contents) : prepare_sibling(wish, *contents.front(), limits);
}

base::Result<Prepared> prepare_xades_counter_signature(const SignatureWish& wish, base::BytesView octets,
                                                       std::string_view signature_id, const xml::Limits& limits) {
  ASSIGN_OR_RETURN(Writer writer, Writer::begin(wish));
  ASSIGN_OR_RETURN(const xml::Document document, read_document(octets, limits));
  ASSIGN_OR_RETURN(const xml::Element signature, find_signature(document, signature_id));
  RETURN_IF_ERROR(writer.demand_free_ids(document));
  const auto value = signature.find_only(signature_namespace, "SignatureValue");
  const std::string id = value ? value->find_attribute("Id").value_or("") : "";
  if (id.empty() || document.find_by_id(id).count != 1) return refuse("xades_value_without_id", signature_id);
  ASSIGN_OR_RETURN(const base::Bytes canonical, xml::canonicalize(document, *value));
  writer.add({"#" + id,
              std::string(counter_type),
              {std::string(exclusive_uri)},
              crypto::digest(wish.algorithm.digest, canonical),
              ""});
  ASSIGN_OR_RETURN(const std::string text,
                   add_unsigned_property(document, signature,
                                         "<xades:CounterSignature>" + writer.write() + "</xades:CounterSignature>"));
  return writer.finish(split(text, document.encoding()));
}

base::Result<base::Bytes> complete_xades(base::BytesView state, base::BytesView value) {
  std::array<base::BytesView, 6> parts;
  constexpr char last_encoding = static_cast<char>('0' + xml::count_of_encodings - 1);
  if (!unpack(state, parts) || parts[0].size() != 1 || parts[0][0] < '0' || parts[0][0] > last_encoding)
    return refuse("xades_state");
  const auto& [encoding, algorithm_name, spki, to_be_signed, head, tail] = parts;
  ASSIGN_OR_RETURN(const auto algorithm, crypto::parse_signature_algorithm(algorithm_name));
  if (!crypto::verify_signature(spki, algorithm, to_be_signed, value, crypto::ValueForm::raw))
    return base::fail(base::Code::denied, "xades_value: not a signature of the certificate's key");
  std::string text;
  text.reserve(head.size() + 2 * value.size() + tail.size());
  text.append(head).append(base::to_base64(value)).append(tail);
  return xml::encode(text, static_cast<xml::Encoding>(encoding[0] - '0'));
}

base::Result<base::Bytes> stamped_octets_of_xades(base::BytesView octets, std::string_view signature_id,
                                                  const xml::Limits& limits) {
  ASSIGN_OR_RETURN(const xml::Document document, read_document(octets, limits));
  ASSIGN_OR_RETURN(const xml::Element signature, find_signature(document, signature_id));
  const auto value = signature.find_only(signature_namespace, "SignatureValue");
  if (!value || !find_qualifying_properties(signature)) return refuse("xades_not_xades", signature_id);
  return xml::canonicalize(document, *value);
}

base::Result<base::Bytes> add_timestamp_to_xades(base::BytesView octets, std::string_view signature_id,
                                                 base::BytesView token, const xml::Limits& limits) {
  ASSIGN_OR_RETURN(const xml::Document document, read_document(octets, limits));
  ASSIGN_OR_RETURN(const xml::Element signature, find_signature(document, signature_id));
  ASSIGN_OR_RETURN(const std::string text,
                   add_unsigned_property(
                       document, signature,
                       "<xades:SignatureTimeStamp><ds:CanonicalizationMethod Algorithm=\"" +
                           std::string(exclusive_uri) + "\"></ds:CanonicalizationMethod><xades:EncapsulatedTimeStamp>" +
                           base::to_base64(token) + "</xades:EncapsulatedTimeStamp></xades:SignatureTimeStamp>"));
  return xml::encode(text, document.encoding());
}

}  // namespace signature
