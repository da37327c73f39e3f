#include "flow/signature/pack_results.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "zip/zip.hpp"

namespace flow {
namespace {

/// What the archive takes: no part of a path, and room for a number.
std::string plain_name(std::string name, std::size_t number) {
  constexpr std::size_t longest = 240;
  std::replace_if(
      name.begin(), name.end(),
      [](unsigned char c) { return c < 0x20 || c == 0x7f || c == '/' || c == '\\' || c == ':'; }, '_');
  const bool is_usable = !name.empty() && name.size() <= longest && name != "." && name != ".." && base::is_utf8(name);
  return is_usable ? name : "result-" + std::to_string(number);
}

/// By small letters, because some file systems take "A.p7s" and "a.p7s" for one name.
std::string folded(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return name;
}

std::string unique_name(const std::string& name, std::set<std::string>& taken) {
  const std::size_t dot = name.rfind('.');
  const std::size_t end = dot == std::string::npos || dot == 0 ? name.size() : dot;
  std::string tried = name;
  for (int number = 2; !taken.insert(folded(tried)).second; ++number) {
    tried = name.substr(0, end) + " (" + std::to_string(number) + ")" + name.substr(end);
  }
  return tried;
}

/// Of the documents that become a part of them.
std::size_t octets_in_results(const Job& job) {
  std::size_t octets = 0;
  for (const JobItem& item : job.items) {
    if (item.state != "done" || job.packaging == Packaging::detached) continue;
    octets += static_cast<std::size_t>(std::max<std::int64_t>(item.size, 0));
  }
  return octets;
}

}  // namespace

bool may_pack(const Job& job) {
  return job.count("done") > 1 && octets_in_results(job) <= most_packed;
}

base::Result<JobResult> pack_results(const House& house, const KeyUser& user, const Job& job, base::Time now) {
  if (!may_pack(job)) return base::fail(base::Code::not_found, "there are no results for an archive");
  ASSIGN_OR_RETURN(const Readings::Turn turn, take_reading(house, user, octets_in_results(job)));
  std::vector<zip::Entry> entries;
  std::set<std::string> taken;
  for (const JobItem& item : job.items) {
    if (item.state != "done") continue;
    ASSIGN_OR_RETURN(JobResult result, read_result(house, user, job.id, item.position, now));
    std::string name = unique_name(plain_name(std::move(result.name), entries.size() + 1), taken);
    entries.push_back({std::move(name), base::Secret(std::move(result.octets))});
  }
  ASSIGN_OR_RETURN(const base::Secret packed, zip::pack(entries, now));
  entries = {};
  return JobResult{"signed-" + job.number + ".zip", "application/zip", base::Bytes(packed.reveal())};
}

}  // namespace flow
