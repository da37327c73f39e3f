// What jobs that sign share on a node: settings, the documents that wait, who reads them, and a few threads on which
// long jobs run while their page shows the progress. Made once by app; flow/house refers to it.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "flow/signature/reading_turn.hpp"
#include "flow/signature/signing_settings.hpp"
#include "flow/signature/spool.hpp"

namespace flow {

class SigningDesk {
 public:
  explicit SigningDesk(SigningSettings settings) : settings_(std::move(settings)), spool_(settings_.spool) {}
  SigningDesk(const SigningDesk&) = delete;
  SigningDesk& operator=(const SigningDesk&) = delete;
  ~SigningDesk() { stop(); }

  [[nodiscard]] const SigningSettings& settings() const { return settings_; }
  [[nodiscard]] Spool& spool() { return spool_; }
  [[nodiscard]] Readings& readings() { return readings_; }

  /// Runs `work` on a thread of the desk and waits for its end, at most so long: whether it has ended. It goes on
  /// otherwise. False without running it if too many wait (`is_taken`).
  struct Run {
    bool is_taken = false;
    bool has_ended = false;
  };
  Run run(std::function<void()> work, base::Duration wait);
  /// Ends what runs at its next document and waits for it; nothing is begun any more.
  void stop();
  [[nodiscard]] bool is_stopping() const;

 private:
  struct Work;
  void work();

  SigningSettings settings_;
  Spool spool_;
  Readings readings_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Work>> waiting_;
  std::vector<std::thread> threads_;
  bool stopping_ = false;
};

}  // namespace flow
