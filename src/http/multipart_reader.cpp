#include "http/multipart_reader.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/bytes.hpp"
#include "http/field_text.hpp"

namespace http {
namespace {

constexpr std::string_view end_of_head = "\r\n\r\n";

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool starts_like(std::string_view text, std::string_view start) {
  return text.size() >= start.size() &&
         std::equal(start.begin(), start.end(), text.begin(), [](char a, char b) { return lower(a) == lower(b); });
}

/// A parameter in quotes: browsers write `"` inside as %22.
std::string parameter(std::string_view line, std::string_view name) {
  const std::string mark = "; " + std::string(name) + "=\"";
  const std::size_t at = line.find(mark);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = at + mark.size();
  const std::size_t end = line.find('"', begin);
  return end == std::string_view::npos ? std::string() : std::string(line.substr(begin, end - begin));
}

tl::unexpected<base::Error> refuse(const char* why) {
  return base::fail(base::Code::invalid_input, why);
}

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

/// The value in quotes at the beginning, without them (RFC 9110 §5.6.4); nullopt: it has no end.
std::optional<std::string> take_quoted(std::string_view& text) {
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return value;
    }
    if (text[i] == '\\' && ++i == text.size()) break;
    value += text[i];
  }
  return std::nullopt;
}

/// Name and value of the parameter at the beginning (RFC 9110 §5.6.6), up to the next semicolon; both are "" where
/// there is none. nullopt: it is broken.
std::optional<std::pair<std::string, std::string>> take_parameter(std::string_view& text) {
  skip_blanks(text);
  const std::size_t stop = std::min(text.find_first_of("=;\" \t"), text.size());
  std::pair<std::string, std::string> found(text.substr(0, stop), "");
  text.remove_prefix(stop);
  if (!text.empty() && text.front() == '=') {
    text.remove_prefix(1);
    if (!text.empty() && text.front() == '"') {
      auto value = take_quoted(text);
      if (!value) return std::nullopt;
      found.second = std::move(*value);
    } else {
      const std::size_t end = std::min(text.find_first_of("; \t\""), text.size());
      found.second = text.substr(0, end);
      text.remove_prefix(end);
    }
  } else if (stop > 0) {
    return std::nullopt;
  }
  skip_blanks(text);
  if (!text.empty() && text.front() != ';') return std::nullopt;
  return found;
}

}  // namespace

base::Result<std::string> find_boundary(std::string_view content_type) {
  std::optional<std::string> boundary;
  std::string_view rest = content_type.substr(std::min(content_type.find(';'), content_type.size()));
  while (!rest.empty()) {
    rest.remove_prefix(1);  // the semicolon
    auto parameter = take_parameter(rest);
    if (!parameter) return refuse("multipart with a broken parameter");
    if (!equal_ignoring_case(parameter->first, "boundary")) continue;
    // Two readers could choose different ones.
    if (boundary) return refuse("multipart with two boundaries");
    boundary = std::move(parameter->second);
  }
  if (!boundary) return refuse("multipart without a boundary");
  const bool good =
      !boundary->empty() && boundary->size() <= 70 &&
      std::all_of(boundary->begin(), boundary->end(), [](char c) { return c > 0x20 && c < 0x7f && c != '"'; });
  if (!good) return refuse("multipart with a broken boundary");
  return *std::move(boundary);
}

base::Result<PartHead> read_part_head(std::string_view head) {
  PartHead part;
  while (!head.empty()) {
    const std::size_t stop = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, stop);
    head.remove_prefix(std::min(stop + 2, head.size()));
    if (starts_like(line, "content-transfer-encoding:")) return refuse("a part with a transfer encoding");
    if (!starts_like(line, "content-disposition: form-data")) continue;
    part.name = parameter(line, "name");
    part.is_file = line.find("; filename") != std::string_view::npos;
    part.file_name = parameter(line, "filename");
  }
  if (part.name.empty()) return refuse("a part without a name");
  return part;
}

base::Result<void> PartNames::take(const PartHead& head) {
  const bool is_one_of_several = head.is_file && head.name == several_;
  if (is_one_of_several && is_after_one_of_several_) return {};
  if (head.is_file) is_after_one_of_several_ = is_one_of_several;
  if (head.name.find('\0') != std::string::npos || !base::is_utf8(head.name)) {
    return refuse("the name of a part is not UTF-8 text");
  }
  if (std::find(names_.begin(), names_.end(), head.name) != names_.end()) {
    return refuse("the name of a part comes twice");
  }
  names_.push_back(head.name);
  return {};
}

base::Result<void> MultipartReader::add(std::string_view octets) {
  if (at_ == At::over) return {};
  window_.append(octets);
  bool goes_on = true;
  while (goes_on) {
    ASSIGN_OR_RETURN(goes_on, step());
  }
  return {};
}

base::Result<void> MultipartReader::finish() {
  if (at_ != At::over) return refuse("multipart without an end");
  ASSIGN_OR_RETURN(fields_, Form::parse(encoded_));
  return {};
}

/// False: the next step needs more octets, or there is none.
base::Result<bool> MultipartReader::step() {
  switch (at_) {
    case At::first: return read_first();
    case At::behind: return read_behind();
    case At::part: return read_part();
    case At::over: break;
  }
  return false;
}

base::Result<bool> MultipartReader::read_first() {
  if (window_.size() < first_.size()) return false;
  if (!window_.starts_with(first_)) return refuse("multipart does not begin with its boundary");
  drop(first_.size());
  at_ = At::behind;
  return true;
}

base::Result<bool> MultipartReader::read_behind() {
  if (window_.size() < 2) return false;
  if (window_.starts_with("--")) {
    at_ = At::over;
    window_.clear();
    return false;
  }
  if (++parts_ > limits_.parts || !window_.starts_with("\r\n")) return refuse("too many parts, or a broken one");
  drop(2);
  at_ = At::part;
  searched_ = 0;
  has_head_ = false;
  value_.clear();
  return true;
}

/// The part ends where the next boundary begins, also if that is inside of its head.
base::Result<bool> MultipartReader::read_part() {
  const std::size_t end = window_.find(next_, searched_);
  const bool has_end = end != std::string::npos;
  // What is left could be the beginning of a boundary.
  const std::size_t sure = has_end ? end : window_.size() - std::min(window_.size(), next_.size() - 1);
  searched_ = std::max(searched_, sure);
  if (!has_head_) RETURN_IF_ERROR(read_head(sure));
  if (!has_head_ && has_end) return refuse("a part without an end of its head");
  if (!has_head_) return false;
  const std::size_t content = begin_ > offset_ ? begin_ - offset_ : 0;
  if (!has_end && sure <= content) return false;
  if (!head_.is_file) RETURN_IF_ERROR(keep_field(std::string_view(window_).substr(content, sure - content)));
  if (has_end) RETURN_IF_ERROR(end_part(offset_ + end));
  drop(has_end ? end + next_.size() : sure);
  return has_end;
}

/// `sure`: octets of the window that belong to the part.
base::Result<void> MultipartReader::read_head(std::size_t sure) {
  const std::string_view part = std::string_view(window_).substr(0, sure);
  const std::size_t end = part.substr(0, longest_part_head + end_of_head.size()).find(end_of_head);
  if (end == std::string_view::npos) {
    if (sure >= longest_part_head + end_of_head.size()) return refuse("a part without an end of its head");
    return {};
  }
  ASSIGN_OR_RETURN(head_, read_part_head(part.substr(0, end)));
  RETURN_IF_ERROR(names_.take(head_));
  has_head_ = true;
  begin_ = offset_ + end + end_of_head.size();
  return {};
}

base::Result<void> MultipartReader::keep_field(std::string_view octets) {
  field_octets_ += octets.size();
  if (field_octets_ > limits_.fields) return refuse("the fields of the form are too large");
  value_.append(octets);
  return {};
}

base::Result<void> MultipartReader::end_part(std::size_t end) {
  at_ = At::behind;
  if (head_.is_file) {
    files_.push_back({std::move(head_.name), std::move(head_.file_name), begin_, end - begin_});
    return {};
  }
  encoded_.append(encoded_.empty() ? "" : "&").append(base::percent_encode(head_.name)).append("=");
  encoded_.append(base::percent_encode(value_));
  return {};
}

void MultipartReader::drop(std::size_t octets) {
  window_.erase(0, octets);
  offset_ += octets;
  searched_ -= std::min(searched_, octets);
}

}  // namespace http
