#include "browser/refusal_log.hpp"

#include <algorithm>
#include <mutex>
#include <vector>

#include "base/log.hpp"

namespace browser {
namespace {

constexpr std::size_t longest_path = 200;

struct Shared {
  std::mutex mutex;
  RefusalQuota quota;
};

Shared& shared() {
  static Shared only;
  return only;
}

}  // namespace

void log_refusal(const http::Request& request, int status, std::string_view reason) {
  bool may = false;
  std::size_t left_out = 0;
  {
    const std::lock_guard lock(shared().mutex);
    const base::Time now = base::now();
    left_out = shared().quota.take_left_out(now);
    may = shared().quota.take(request.client_ip, now);
  }
  if (left_out > 0) {
    base::log(base::Level::warning, "lines about refused requests were left out: too many in a minute",
              {{"lines", std::to_string(left_out)}});
  }
  if (!may) return;
  // The path of a route is ASCII; the query is left out, because it may have the secret of a link.
  base::log(status >= 500 ? base::Level::error : base::Level::info, "a request was refused",
            {{"request_id", request.request_id},
             {"status", std::to_string(status)},
             {"method", std::string(http::name_of(request.method))},
             {"path", request.path.substr(0, longest_path)},
             {"reason", std::string(reason)}});
}

bool RefusalQuota::take(const std::string& client_ip, base::Time now) {
  begin_minute(now);
  const auto address = base::IpAddress::parse(client_ip);
  // What comes through a socket has no network of its own.
  const auto networks = address ? address->counted_networks() : std::vector<base::CountedNetwork>();
  const bool is_within = std::all_of(networks.begin(), networks.end(), [this](const base::CountedNetwork& one) {
    const auto found = taken_.find(one.network);
    return found == taken_.end() || found->second < most_of_client * one.times;
  });
  if (all_ >= most_of_all || !is_within) {
    ++left_out_;
    return false;
  }
  ++all_;
  for (const auto& one : networks) ++taken_[one.network];
  return true;
}

std::size_t RefusalQuota::take_left_out(base::Time now) {
  begin_minute(now);
  return std::exchange(left_out_past_, 0);
}

void RefusalQuota::begin_minute(base::Time now) {
  if (now >= began_ && now - began_ < std::chrono::minutes(1)) return;
  began_ = now;
  taken_.clear();
  all_ = 0;
  left_out_past_ += std::exchange(left_out_, 0);
}

}  // namespace browser
