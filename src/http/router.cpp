#include "http/router.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <stdexcept>

#include "base/bytes.hpp"
#include "http/status.hpp"

namespace http {

// A tree of path segments. A literal segment has precedence over `{name}`, and that over `{*}`. If a branch has no
// route, the branch of the next lower precedence is tried.
struct Router::Node {
  std::map<std::string, std::shared_ptr<Node>, std::less<>> literals;
  std::shared_ptr<Node> parameter;
  std::shared_ptr<Node> rest;
  std::array<std::vector<std::unique_ptr<Route>>, 8> routes;  // those of one method differ in their roles

  [[nodiscard]] bool has_routes() const {
    return std::any_of(routes.begin(), routes.end(), [](const auto& of_method) { return !of_method.empty(); });
  }

  /// The node of a path; the undecoded parameters are appended to `taken`.
  [[nodiscard]] const Node* find(std::string_view path, std::vector<std::string_view>& taken) const {
    if (path.empty()) return has_routes() ? this : nullptr;
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, end);
    const std::string_view after = path.substr(std::min(end + 1, path.size()));
    if (const auto literal = literals.find(segment); literal != literals.end()) {
      if (const Node* found = literal->second->find(after, taken)) return found;
    }
    if (parameter) {
      taken.push_back(segment);
      if (const Node* found = parameter->find(after, taken)) return found;
      taken.pop_back();
    }
    if (rest) {
      taken.push_back(path);
      return rest.get();
    }
    return nullptr;
  }
};

void Router::add(Route route) {
  if (route.pattern.empty() || route.pattern.front() != '/') {
    throw std::logic_error("a pattern begins with a slash: " + route.pattern);
  }
  if (route.deferred && route.lane == Lane::instant)
    throw std::logic_error("nobody flushes for an instant route: " + route.pattern);
  if (!root_) root_ = std::make_shared<Node>();
  Node* node = root_.get();
  std::string_view rest = std::string_view(route.pattern).substr(1);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const std::string_view segment = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const bool braced = segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
    if (segment.empty() || (segment == "{*}" && !rest.empty())) {
      throw std::logic_error("a pattern that no path can match: " + route.pattern);
    }
    auto& next = segment == "{*}" ? node->rest : braced ? node->parameter : node->literals[std::string(segment)];
    if (!next) next = std::make_shared<Node>();
    node = next.get();
  }
  auto& places = node->routes[static_cast<std::size_t>(route.method)];
  for (const auto& other : places) {
    if (other->roles.overlaps(route.roles)) throw std::logic_error("the route is there already: " + route.pattern);
  }
  places.push_back(std::make_unique<Route>(std::move(route)));
  routes_.push_back(places.back().get());
}

void Router::get(std::string pattern, Handler handler, Lane lane) {
  Route route;
  route.pattern = std::move(pattern);
  route.lane = lane;
  route.handler = std::move(handler);
  add(std::move(route));
}

void Router::post(std::string pattern, Handler handler, Lane lane) {
  Route route;
  route.method = Method::post;
  route.pattern = std::move(pattern);
  route.lane = lane;
  route.handler = std::move(handler);
  add(std::move(route));
}

Router::Match Router::match(Method method, std::string_view path, std::string_view listener, Role role) const {
  Match match;
  if (!root_ || path.empty() || path.front() != '/') return match;
  std::vector<std::string_view> taken;
  const Node* node = root_->find(path.substr(1), taken);
  if (node == nullptr) return match;
  const auto is_here = [&](const Route& route) {
    return route.roles.has(role) && (route.only_listener.empty() || route.only_listener == listener);
  };
  const auto route_of = [&](Method wanted) -> const Route* {
    for (const auto& route : node->routes[static_cast<std::size_t>(wanted)]) {
      if (is_here(*route)) return route.get();
    }
    return nullptr;
  };
  if (method != Method::other) match.route = route_of(method);
  if (match.route == nullptr && method == Method::head) match.route = route_of(Method::get);
  if (match.route == nullptr) {
    for (const auto& of_method : node->routes) {
      for (const auto& route : of_method) {
        if (!is_here(*route)) continue;
        match.allowed.push_back(name_of(route->method));
        if (route->method == Method::get) match.allowed.push_back(name_of(Method::head));
      }
    }
    return match;
  }
  for (const std::string_view segment : taken) {
    match.parameters.push_back(base::percent_decode(segment, false).value_or(std::string(segment)));
  }
  return match;
}

std::vector<const Route*> Router::routes(Role role) const {
  std::vector<const Route*> found;
  std::copy_if(routes_.begin(), routes_.end(), std::back_inserter(found),
               [role](const Route* route) { return route->roles.has(role); });
  return found;
}

void Router::on_unknown(std::function<bool(const Request&)> wants, Handler handler) {
  wants_unknown_ = std::move(wants);
  unknown_.handler = std::move(handler);
}

const Route* Router::find_unknown(const Request& request) const {
  const bool is_safe = request.method == Method::get || request.method == Method::head;
  return wants_unknown_ && is_safe && ordinary_roles.has(request.role) && wants_unknown_(request) ? &unknown_ : nullptr;
}

Response Router::error(const Request& request, int status) const {
  if (error_page_) return error_page_(request, status);
  return Response::text(std::to_string(status) + " " + std::string(reason_phrase(status)) + "\n", status);
}

}  // namespace http
