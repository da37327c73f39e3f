#include "flow/timestamp/stamp_figures.hpp"

namespace flow {
namespace {

constexpr std::size_t most_days = 31;
constexpr base::Duration one_day = std::chrono::hours(24);

}  // namespace

void StampDays::note(StampOutcome outcome, base::Time now) {
  const base::Time begin = now - now.time_since_epoch() % one_day;
  const std::lock_guard lock(mutex_);
  StampDay& day = days_[begin];
  day.begin = begin;
  switch (outcome) {
    case StampOutcome::issued: ++day.issued; break;
    case StampOutcome::rejected: ++day.rejected; break;
    case StampOutcome::refused: ++day.refused; break;
    case StampOutcome::mistrusted: ++day.mistrusted; break;
  }
  while (days_.size() > most_days) days_.erase(days_.begin());
}

std::vector<StampDay> StampDays::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<StampDay> all;
  for (auto day = days_.rbegin(); day != days_.rend(); ++day) all.push_back(day->second);
  return all;
}

void SourceAnswers::note(const std::string& source, SourceAnswer answer) {
  const std::lock_guard lock(mutex_);
  answers_.insert_or_assign(source, std::move(answer));
}

std::optional<SourceAnswer> SourceAnswers::find(const std::string& source) const {
  const std::lock_guard lock(mutex_);
  const auto found = answers_.find(source);
  if (found == answers_.end()) return std::nullopt;
  return found->second;
}

}  // namespace flow
