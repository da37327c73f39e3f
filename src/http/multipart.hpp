// Forms with files (multipart/form-data, RFC 7578). A strict reader of what browsers send: bounded in parts, each name
// once, of a field or of a file (but for the one field of several files), no nested parts, no transfer encodings.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/octet_source.hpp"
#include "http/message.hpp"

namespace http {

struct UploadedFile {
  std::string field;
  std::string octets;
  /// As the sender calls the file: any text, to be shown only. Nothing may depend on it.
  std::string name{};
  /// Instead of `octets`, which is "" then: the body was too large for memory (Route::stored_limit).
  std::shared_ptr<const base::OctetSource> stored{};

  [[nodiscard]] std::size_t size() const { return stored ? stored->size() : octets.size(); }
};
struct MultipartForm {
  Form fields;
  std::vector<UploadedFile> files;
};

bool is_multipart(const Request& request);
/// `several`: the field that may hold several files, each as a part of its own; "" = none.
/// Errors: invalid_input (no or a broken boundary, a broken part, a name or a field that is not UTF-8 text, a name that
/// comes twice, more than `most` parts); of a stored body also unavailable and internal.
base::Result<MultipartForm> parse_multipart(const Request& request, std::size_t most = 50,
                                            std::string_view several = {});

}  // namespace http
