#include "http/message.hpp"

#include <algorithm>

#include "http/field_text.hpp"

namespace http {
std::string_view name_of(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::head: return "HEAD";
    case Method::post: return "POST";
    case Method::put: return "PUT";
    case Method::patch: return "PATCH";
    case Method::del: return "DELETE";
    case Method::options: return "OPTIONS";
    case Method::other: break;
  }
  return "OTHER";
}

const std::string* Request::find_header(std::string_view name) const {
  for (const Header& header : headers) {
    if (equal_ignoring_case(header.name, name)) return &header.value;
  }
  return nullptr;
}

std::size_t Request::count_header(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(
      headers.begin(), headers.end(), [&](const Header& header) { return equal_ignoring_case(header.name, name); }));
}

std::vector<std::pair<std::string_view, std::string_view>> Request::cookies() const {
  std::vector<std::pair<std::string_view, std::string_view>> all;
  for (const Header& header : headers) {
    if (!equal_ignoring_case(header.name, "Cookie")) continue;
    std::string_view rest = header.value;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(';'), rest.size());
      const std::string_view pair = trim(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const std::size_t equals = pair.find('=');
      if (equals == std::string_view::npos) continue;
      all.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
    }
  }
  return all;
}

std::string Request::cookie(std::string_view name) const {
  std::string_view found;
  std::size_t count = 0;
  for (const auto& [key, value] : cookies()) {
    if (key != name) continue;
    found = value;
    ++count;
  }
  return count == 1 ? std::string(found) : std::string();
}

base::Result<Form> Request::body_form() const {
  const std::string* type = find_header("Content-Type");
  if (type == nullptr || count_header("Content-Type") != 1) {
    return base::fail(base::Code::invalid_input, "not exactly one content type");
  }
  const std::string_view media = trim(std::string_view(*type).substr(0, type->find(';')));
  if (!equal_ignoring_case(media, "application/x-www-form-urlencoded")) {
    return base::fail(base::Code::invalid_input, "the body is not a form");
  }
  return Form::parse(body);
}

Response Response::html(std::string body, int status) {
  Response response;
  response.status = status;
  response.kind = Kind::page;
  response.content_type = "text/html; charset=utf-8";
  response.body = std::move(body);
  return response;
}

Response Response::json(std::string body, int status) {
  Response response;
  response.status = status;
  response.content_type = "application/json";
  response.body = std::move(body);
  return response;
}

Response Response::text(std::string body, int status) {
  Response response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(body);
  return response;
}

Response Response::redirect(std::string location) {
  Response response;
  response.status = 303;
  response.kind = Kind::page;
  response.headers.push_back({"Location", std::move(location)});
  return response;
}

Response& Response::add(std::string name, std::string value) {
  headers.push_back({std::move(name), std::move(value)});
  return *this;
}

std::string to_set_cookie(const Cookie& cookie) {
  std::string text = cookie.name + "=" + cookie.value;
  if (!cookie.path.empty()) text += "; Path=" + cookie.path;
  if (cookie.max_age) text += "; Max-Age=" + std::to_string(*cookie.max_age);
  if (cookie.secure) text += "; Secure";
  if (cookie.http_only) text += "; HttpOnly";
  if (!cookie.same_site.empty()) text += "; SameSite=" + cookie.same_site;
  return text;
}

}  // namespace http
