#include "http/request_reader.hpp"

#include <algorithm>
#include <array>
#include <boost/beast/http/basic_parser.hpp>
#include <cstring>
#include <limits>
#include <optional>

#include "http/field_text.hpp"
#include "http/path.hpp"

namespace http {
namespace {

namespace beast = boost::beast;
using ErrorCode = beast::error_code;
using Text = beast::string_view;
using Field = beast::http::field;

Method to_method(std::string_view name) {
  for (const Method method :
       {Method::get, Method::head, Method::post, Method::put, Method::patch, Method::del, Method::options}) {
    if (name == name_of(method)) return method;
  }
  return Method::other;
}

/// Whether `text` may be Host or the authority of a target: a name or address, optionally a port (RFC 3986 §3.2.2).
bool is_authority(std::string_view text) {
  return !text.empty() && text.size() <= 261 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_' || c == ':' || c == '[' || c == ']';
  });
}

/// Whether the request line ends in a well-formed version, also an unsupported one: "HTTP/3.7".
bool names_version(std::string_view header) {
  const std::string_view line = header.substr(0, header.find('\r'));
  if (line.size() < 9) return false;
  const std::string_view version = line.substr(line.size() - 9);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return version.substr(0, 6) == " HTTP/" && is_digit(version[6]) && version[7] == '.' && is_digit(version[8]);
}

bool is_query(std::string_view query) {
  return std::all_of(query.begin(), query.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '#'; });
}

}  // namespace

// Beast's parser with our rules on top, for the header alone.
struct RequestReader::Parser {
  struct Core final : beast::http::basic_parser<true> {
    explicit Core(Parser& to) : out(to) {}
    Parser& out;

    void on_request_impl(beast::http::verb /*verb*/, Text method, Text target, int version, ErrorCode& ec) override {
      out.start(method, target, version, ec);
    }
    void on_response_impl(int /*code*/, Text /*reason*/, int /*version*/, ErrorCode& /*ec*/) override {}
    void on_field_impl(Field field, Text name, Text value, ErrorCode& ec) override {
      out.add_field(field, name, value, ec);
    }
    void on_header_impl(ErrorCode& /*ec*/) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const& /*length*/, ErrorCode& /*ec*/) override {}
    std::size_t on_body_impl(Text /*body*/, ErrorCode& /*ec*/) override { return 0; }
    void on_chunk_header_impl(std::uint64_t /*size*/, Text /*extension*/, ErrorCode& /*ec*/) override {}
    std::size_t on_chunk_body_impl(std::uint64_t /*left*/, Text /*body*/, ErrorCode& /*ec*/) override { return 0; }
    void on_finish_impl(ErrorCode& /*ec*/) override {}
  };

  explicit Parser(RequestReader& owner) : reader(owner) {}

  void begin() {
    core.emplace(*this);
    core->header_limit(std::numeric_limits<std::uint32_t>::max());
    core->body_limit(boost::none);
    status = hosts = lengths = codings = expectations = 0;
  }
  void refuse(int why, ErrorCode& ec) {
    status = why;
    ec = beast::http::error::bad_value;
  }
  void start(Text method, Text target, int version, ErrorCode& ec);
  void add_field(Field field, Text name, Text value, ErrorCode& ec);

  RequestReader& reader;
  std::optional<Core> core;
  int status = 0;
  int hosts = 0;
  int lengths = 0;
  int codings = 0;
  int expectations = 0;
};

void RequestReader::Parser::start(Text method, Text target, int version, ErrorCode& ec) {
  Request& request = *reader.request_;
  request.method_name.assign(method.data(), method.size());
  request.method = to_method(request.method_name);
  if (version != 10 && version != 11) return refuse(505, ec);
  reader.http_1_0_ = version == 10;
  if (!reader.take_target({target.data(), target.size()})) refuse(400, ec);
}

void RequestReader::Parser::add_field(Field field, Text name, Text value, ErrorCode& ec) {
  Request& request = *reader.request_;
  if (request.headers.size() == reader.header_count_) return refuse(431, ec);
  const std::string_view text(value.data(), value.size());
  if (field == Field::host) {
    if (++hosts > 1 || !is_authority(text)) return refuse(400, ec);
    // RFC 9112 §3.2.2: the authority of an absolute target counts. A different Host is refused, because no correct
    // client sends one.
    if (!request.host.empty() && !equal_ignoring_case(request.host, text)) return refuse(400, ec);
    request.host.assign(text);
  } else if (field == Field::content_length) {
    // No repetition (even an identical one), no list, no sign, no blanks (RFC 9112 §6.3).
    if (++lengths > 1 || text.empty() || text.size() > 18 ||
        !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
      return refuse(400, ec);
    }
  } else if (field == Field::transfer_encoding) {
    if (++codings > 1 || reader.http_1_0_) return refuse(400, ec);
    if (!equal_ignoring_case(text, "chunked")) return refuse(501, ec);
  } else if (field == Field::expect) {
    if (++expectations > 1 || !equal_ignoring_case(text, "100-continue")) return refuse(417, ec);
  }
  request.headers.push_back({std::string(name.data(), name.size()), std::string(text)});
}

RequestReader::RequestReader() : parser_(std::make_unique<Parser>(*this)) {}
RequestReader::~RequestReader() = default;

void RequestReader::begin(Request& request, std::size_t header_bytes, std::size_t header_count) {
  request_ = &request;
  header_bytes_ = header_bytes;
  header_count_ = header_count;
  body_left_ = 0;
  body_limit_ = scanned_ = header_end_ = 0;
  failure_ = 0;
  in_body_ = chunked_ = skipped_ = keep_alive_ = http_1_0_ = expects_continue_ = has_body_ = false;
  request.method = Method::other;
  request.method_name.clear();
  request.path.clear();
  request.query.clear();
  request.headers.clear();
  request.body.clear();
  request.stored_body.reset();
  request.body_limit = 0;
  request.host.clear();
  parser_->begin();
}

RequestReader::State RequestReader::fail(int status) {
  failure_ = status;
  return State::failed;
}

RequestReader::State RequestReader::read(std::string_view octets, std::size_t& consumed) {
  consumed = 0;
  if (failure_ != 0) return State::failed;
  return in_body_ ? read_body(octets, consumed) : read_header(octets, consumed);
}

/// Every line ends in CR LF, no control characters but tabs, no line that continues the one before (RFC 9112 §2.2,
/// §5.2). Continues where the last call stopped; sets header_end_ at the empty line.
bool RequestReader::scan(std::string_view octets) {
  for (std::size_t& i = scanned_; i < octets.size(); ++i) {
    const auto c = static_cast<unsigned char>(octets[i]);
    if (c >= 0x20 && c != 0x7f) {
      if (c == ' ' && i > 0 && octets[i - 1] == '\n') return false;
      continue;
    }
    if (c == '\r') {
      if (i + 1 == octets.size()) return true;  // the next octet decides
      if (octets[i + 1] != '\n') return false;
      if (i >= 2 && octets[i - 1] == '\n') {
        header_end_ = i + 2;
        return true;
      }
      ++i;
      continue;
    }
    if (c != '\t' || (i > 0 && octets[i - 1] == '\n')) return false;
  }
  return true;
}

RequestReader::State RequestReader::read_header(std::string_view octets, std::size_t& consumed) {
  // One empty line before the request line is ignored (RFC 9112 §2.2).
  if (scanned_ == 0 && !skipped_ && octets.substr(0, 2) == "\r\n") {
    skipped_ = true;
    consumed = 2;
    octets.remove_prefix(2);
  }
  if (octets.empty()) return State::need_more;
  if (octets == "\r" && !skipped_) return State::need_more;
  if (!scan(octets)) return fail(400);
  const std::size_t size = header_end_ == 0 ? octets.size() : header_end_;
  if (size > header_bytes_) {
    return fail(octets.substr(0, header_bytes_).find('\n') == std::string_view::npos ? 414 : 431);
  }
  if (header_end_ == 0) return State::need_more;
  if (header_end_ < 16) return fail(400);  // shorter than "GET / HTTP/1.1" with its line ends

  parser_->core->eager(false);
  std::size_t at = 0;
  while (at < header_end_ && !parser_->core->is_header_done()) {
    ErrorCode ec;
    const std::size_t n = parser_->core->put({octets.data() + at, header_end_ - at}, ec);
    at += n;
    if (ec == beast::http::error::bad_version && names_version(octets)) return fail(505);
    if (ec || n == 0) return fail(parser_->status != 0 ? parser_->status : 400);
  }
  if (at != header_end_ || !parser_->core->is_header_done()) return fail(400);
  if (const int status = finish_header(); status != 0) return fail(status);
  consumed += header_end_;
  in_body_ = true;
  return State::header_complete;
}

/// The checks that need all fields. 0 or the status to refuse with.
int RequestReader::finish_header() {
  if (parser_->codings != 0 && parser_->lengths != 0) return 400;
  if (parser_->hosts == 0 && !http_1_0_) return 400;
  chunked_ = parser_->codings != 0;
  if (chunked_) chunks_.begin(header_bytes_);
  if (parser_->lengths != 0) body_left_ = parser_->core->content_length().value_or(0);
  has_body_ = chunked_ || body_left_ > 0;
  keep_alive_ = parser_->core->keep_alive();
  expects_continue_ = parser_->expectations != 0 && has_body_ && !http_1_0_;
  return 0;
}

/// Origin form, or absolute form with http or https (RFC 9112 §3.2). The path must be normal (path.hpp).
bool RequestReader::take_target(std::string_view target) {
  if (target.empty()) return false;
  if (target.front() != '/') {
    const std::size_t scheme = target.find("://");
    if (scheme == std::string_view::npos) return false;
    if (!equal_ignoring_case(target.substr(0, scheme), "http") &&
        !equal_ignoring_case(target.substr(0, scheme), "https"))
      return false;
    target.remove_prefix(scheme + 3);
    const std::size_t end = std::min(target.find_first_of("/?"), target.size());
    if (!is_authority(target.substr(0, end))) return false;
    request_->host.assign(target.substr(0, end));
    target.remove_prefix(end);
    if (target.empty() || target.front() != '/') return false;
  }
  const std::size_t mark = std::min(target.find('?'), target.size());
  request_->path.assign(target.substr(0, mark));
  if (mark < target.size()) request_->query.assign(target.substr(mark + 1));
  fold_base64(request_->path);
  return is_normal_path(request_->path) && is_query(request_->query);
}

bool RequestReader::allow_body(std::size_t limit, std::size_t in_memory) {
  body_limit_ = limit;
  if (body_left_ > limit) return false;
  request_->body.reserve(std::min(static_cast<std::size_t>(body_left_), in_memory));
  return true;
}

void RequestReader::pass_body() {
  body_limit_ -= request_->body.size();
  ::explicit_bzero(request_->body.data(), request_->body.size());
  request_->body.clear();
}

RequestReader::State RequestReader::read_body(std::string_view octets, std::size_t& consumed) {
  if (chunked_) {
    switch (chunks_.read(octets, consumed, request_->body, body_limit_)) {
      case ChunkDecoder::State::need_more: return State::need_more;
      case ChunkDecoder::State::complete: return State::complete;
      case ChunkDecoder::State::failed: break;
    }
    return fail(chunks_.failure());
  }
  consumed = static_cast<std::size_t>(std::min<std::uint64_t>(body_left_, octets.size()));
  request_->body.append(octets.substr(0, consumed));
  body_left_ -= consumed;
  return body_left_ == 0 ? State::complete : State::need_more;
}

}  // namespace http
