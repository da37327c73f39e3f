#include "http/multipart.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "http/field_text.hpp"
#include "http/multipart_reader.hpp"
#include "http/stored_body.hpp"

namespace http {
namespace {

constexpr std::string_view media_type = "multipart/form-data";
constexpr std::size_t read_at_once = std::size_t{256} * 1024;

struct Part {
  PartHead head;
  std::string_view octets;
};

base::Result<Part> read_part(std::string_view text) {
  const std::size_t end = text.find("\r\n\r\n");
  if (end == std::string_view::npos || end > longest_part_head)
    return base::fail(base::Code::invalid_input, "a part without an end of its head");
  Part part;
  ASSIGN_OR_RETURN(part.head, read_part_head(text.substr(0, end)));
  part.octets = text.substr(end + 4);
  return part;
}

base::Result<MultipartForm> parse_in_memory(std::string_view body, std::string_view boundary, std::size_t most,
                                            std::string_view several) {
  const std::string first = "--" + std::string(boundary);
  const std::string next = "\r\n" + first;
  std::string_view rest = body;
  if (!rest.starts_with(first))
    return base::fail(base::Code::invalid_input, "multipart does not begin with its boundary");
  rest.remove_prefix(first.size());
  MultipartForm form;
  std::string encoded;
  PartNames names(several);
  for (std::size_t count = 0; !rest.starts_with("--"); ++count) {
    if (count == most || !rest.starts_with("\r\n"))
      return base::fail(base::Code::invalid_input, "too many parts, or a broken one");
    rest.remove_prefix(2);
    const std::size_t end = rest.find(next);
    if (end == std::string_view::npos) return base::fail(base::Code::invalid_input, "multipart without an end");
    ASSIGN_OR_RETURN(Part part, read_part(rest.substr(0, end)));
    rest.remove_prefix(end + next.size());
    RETURN_IF_ERROR(names.take(part.head));
    if (part.head.is_file) {
      form.files.push_back(
          {std::move(part.head.name), std::string(part.octets), std::move(part.head.file_name), nullptr});
    } else {
      encoded.append(encoded.empty() ? "" : "&")
          .append(base::percent_encode(part.head.name))
          .append("=")
          .append(base::percent_encode(part.octets));
    }
  }
  ASSIGN_OR_RETURN(form.fields, Form::parse(encoded));
  return form;
}

base::Result<MultipartForm> parse_stored(const std::shared_ptr<const StoredBody>& body, MultipartReader reader) {
  for (std::size_t at = 0; at < body->size();) {
    ASSIGN_OR_RETURN(const base::Bytes octets, body->read(at, read_at_once));
    if (octets.empty()) return base::fail(base::Code::internal, "a stored body ends too early");
    RETURN_IF_ERROR(reader.add(octets));
    at += octets.size();
  }
  RETURN_IF_ERROR(reader.finish());
  MultipartForm form;
  form.fields = std::move(reader.fields());
  for (MultipartReader::File& file : reader.files()) {
    form.files.push_back({std::move(file.field),
                          {},
                          std::move(file.name),
                          std::make_shared<const StoredPart>(body, file.begin, file.size)});
  }
  return form;
}

}  // namespace

bool is_multipart(const Request& request) {
  const std::string* type = request.find_header("Content-Type");
  return type != nullptr && equal_ignoring_case(std::string_view(*type).substr(0, media_type.size()), media_type);
}

base::Result<MultipartForm> parse_multipart(const Request& request, std::size_t most, std::string_view several) {
  const std::string* type = request.find_header("Content-Type");
  if (type == nullptr || !is_multipart(request))
    return base::fail(base::Code::invalid_input, "not multipart/form-data");
  ASSIGN_OR_RETURN(const std::string boundary, find_boundary(*type));
  if (!request.stored_body) return parse_in_memory(request.body, boundary, most, several);
  return parse_stored(request.stored_body, MultipartReader(boundary, {.parts = most}, several));
}

}  // namespace http
