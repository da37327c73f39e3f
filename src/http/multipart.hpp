// Forms with files (multipart/form-data, RFC 7578). A strict reader of what browsers send: bounded in parts, each name
// once, of a field or of a file, no nested parts, no transfer encodings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace http {

struct UploadedFile {
  std::string field;
  std::string octets;  // the file's own name is dropped, so that nothing can depend on it
};
struct MultipartForm {
  Form fields;
  std::vector<UploadedFile> files;
};

bool is_multipart(const Request& request);
/// Errors: invalid_input (no or a broken boundary, a broken part, a name or a field that is not UTF-8 text, a name that
/// comes twice, more than `most` parts).
base::Result<MultipartForm> parse_multipart(const Request& request, std::size_t most = 50);

}  // namespace http
