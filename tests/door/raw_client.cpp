#include "door/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "base/bytes.hpp"

namespace door {
namespace {

constexpr time_t patience = 300;  // seconds; ends a test that hangs

int make_socket(int family) {
  const int handle = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (handle < 0) throw std::runtime_error("no socket");
  const timeval limit{patience, 0};
  ::setsockopt(handle, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  ::setsockopt(handle, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  return handle;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

std::string unescape(std::string text) {
  constexpr std::array<std::pair<std::string_view, char>, 5> names{
      {{"&quot;", '"'}, {"&#39;", '\''}, {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}}};
  for (const auto& [name, octet] : names) {
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + 1))
      text.replace(at, name.size(), 1, octet);
  }
  return text;
}

std::string attribute(std::string_view tag, std::string_view name) {
  const std::string wanted = " " + std::string(name) + "=\"";
  const auto at = tag.find(wanted);
  if (at == std::string_view::npos) return "";
  const auto begin = at + wanted.size();
  return unescape(std::string(tag.substr(begin, tag.find('"', begin) - begin)));
}

}  // namespace

std::string Reply::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return "";
}

std::string PageForm::field(std::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& one) { return one.first == name; });
  return found == fields.end() ? "" : found->second;
}

PageForm Reply::form(std::string_view action) const {
  PageForm found;
  const std::string_view page = std::string_view(body).substr(std::min(body.find("<main"), body.size()));
  for (auto at = page.find("<form"); at != std::string_view::npos; at = page.find("<form", at + 1)) {
    const std::string_view form = page.substr(at, page.find("</form>", at) - at);
    const std::string_view opening = form.substr(0, form.find('>'));
    if (!attribute(opening, "action").starts_with(action) || attribute(opening, "method") == "get") continue;
    found.action = attribute(form, "action");
    for (auto input = form.find("<input"); input != std::string_view::npos; input = form.find("<input", input + 1)) {
      const auto tag = form.substr(input, form.find('>', input) - input);
      if (attribute(tag, "type") == "hidden")
        found.fields.emplace_back(attribute(tag, "name"), attribute(tag, "value"));
    }
    break;
  }
  return found;
}

std::string in_groups(const std::string& number) {
  std::string page;
  for (std::size_t begin = 0; begin < number.size(); begin += 4)
    page.append(begin == 0 ? "<span>" : "<wbr><span>").append(number.substr(begin, 4)).append("</span>");
  return page;
}

std::string to_form(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string form;
  for (const auto& [name, value] : fields) {
    form.append(form.empty() ? "" : "&")
        .append(base::percent_encode(name))
        .append("=")
        .append(base::percent_encode(value));
  }
  return form;
}

Connection::Connection(std::uint16_t port) : handle_(make_socket(AF_INET)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  ::setsockopt(handle_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (::connect(handle_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    ::close(handle_);
    throw std::runtime_error("nobody listens on port " + std::to_string(port));
  }
}

Connection::Connection(const std::string& unix_socket) : handle_(make_socket(AF_UNIX)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  unix_socket.copy(address.sun_path, sizeof(address.sun_path) - 1);
  if (::connect(handle_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    ::close(handle_);
    throw std::runtime_error("nobody listens on " + unix_socket);
  }
}

Connection::~Connection() {
  ::close(handle_);
}

void Connection::send(std::string_view octets) const {
  while (!octets.empty()) {
    const ssize_t sent = ::send(handle_, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // read() shows what the server has answered
    octets.remove_prefix(static_cast<std::size_t>(sent));
  }
}

Reply Connection::read(bool head_only) {
  std::string octets = std::move(rest_);
  rest_.clear();
  std::array<char, 16 * 1024> buffer{};
  const auto more = [&] {
    const ssize_t got = ::recv(handle_, buffer.data(), buffer.size(), 0);
    if (got > 0) octets.append(buffer.data(), static_cast<std::size_t>(got));
    return got > 0;
  };
  Reply reply;
  std::size_t end = octets.find("\r\n\r\n");
  while (end == std::string::npos && more()) end = octets.find("\r\n\r\n");
  reply.raw = octets;
  if (end == std::string::npos || octets.size() < 12) return reply;
  reply.status = std::stoi(octets.substr(9, 3));
  for (std::size_t at = octets.find("\r\n") + 2; at < end + 2;) {
    const std::size_t line_end = octets.find("\r\n", at);
    const std::string line = octets.substr(at, line_end - at);
    const std::size_t colon = line.find(':');
    const std::size_t value = std::min(line.find_first_not_of(' ', colon + 1), line.size());
    reply.headers.emplace_back(lower(line.substr(0, colon)), line.substr(value));
    at = line_end + 2;
  }
  const std::size_t body = end + 4;
  const std::string length = reply.header("content-length");
  if (head_only || reply.status == 204 || reply.status == 304) {
    rest_ = octets.substr(body);
    return reply;
  }
  if (length.empty()) {
    while (more()) {
    }
    reply.body = octets.substr(body);
  } else {
    const std::size_t size = std::stoul(length);
    while (octets.size() < body + size && more()) {
    }
    reply.body = octets.substr(body, size);
    if (octets.size() > body + size) rest_ = octets.substr(body + size);
  }
  reply.raw = octets.substr(0, body) + reply.body;
  return reply;
}

Browser::Browser(std::uint16_t port) : host("localhost:" + std::to_string(port)), port_(port) {}

Reply Browser::request(std::string_view method, std::string_view path, const Headers& headers, std::string_view body) {
  std::string octets = std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: " + host + "\r\n";
  if (!cookies.empty()) {
    octets.append("Cookie: ");
    bool first = true;
    for (const auto& [name, value] : cookies) {
      octets.append(first ? "" : "; ").append(name).append("=").append(value);
      first = false;
    }
    octets.append("\r\n");
  }
  for (const auto& [name, value] : headers) octets.append(name).append(": ").append(value).append("\r\n");
  if (!body.empty() || method == "POST")
    octets.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  octets.append("\r\n").append(body);

  Reply reply;
  const bool kept = connection_.has_value();
  if (!kept) connection_.emplace(port_);
  connection_->send(octets);
  reply = connection_->read(method == "HEAD");
  if (reply.status == 0 && kept) {  // the kept connection was closed meanwhile
    connection_.emplace(port_);
    connection_->send(octets);
    reply = connection_->read(method == "HEAD");
  }
  if (reply.status == 0 || lower(reply.header("connection")) == "close") connection_.reset();
  keep_cookies(reply);
  return reply;
}

Reply Browser::get(std::string_view path, const Headers& headers) {
  return request("GET", path, headers, "");
}

Reply Browser::post(std::string_view path, const std::vector<std::pair<std::string, std::string>>& form,
                    const Headers& headers) {
  Headers all{{"Content-Type", "application/x-www-form-urlencoded"}};
  const bool has_origin =
      std::any_of(headers.begin(), headers.end(), [](const auto& h) { return h.first == "Origin"; });
  if (!has_origin) all.emplace_back("Origin", "http://" + host);
  all.insert(all.end(), headers.begin(), headers.end());
  return request("POST", path, all, to_form(form));
}

Reply Browser::submit(const PageForm& form, const std::vector<std::pair<std::string, std::string>>& typed,
                      const Headers& headers) {
  auto fields = form.fields;
  fields.insert(fields.end(), typed.begin(), typed.end());
  return post(form.action, fields, headers);
}

Reply Browser::follow(Reply reply) {
  const std::string own = "http://" + host;
  for (int step = 0; step < 20 && reply.status >= 300 && reply.status < 400; ++step) {
    std::string target = reply.location();
    if (target.starts_with(own)) target = target.substr(own.size());
    if (!target.starts_with('/')) return reply;
    reply = get(target);
  }
  return reply;
}

void Browser::keep_cookies(const Reply& reply) {
  for (const auto& [name, value] : reply.headers) {
    if (name != "set-cookie") continue;
    const std::size_t equals = value.find('=');
    const std::size_t end = std::min(value.find(';'), value.size());
    if (equals == std::string::npos || equals > end) continue;
    const std::string cookie = value.substr(0, equals);
    const std::string content = value.substr(equals + 1, end - equals - 1);
    const std::string attributes = lower(value.substr(end));
    if (content.empty() || attributes.find("max-age=0") != std::string::npos) {
      cookies.erase(cookie);
    } else {
      cookies[cookie] = content;
    }
  }
}

}  // namespace door
