// Where large bodies of requests wait while they are read: a sealed file without a name each (O_TMPFILE), in the folder
// of the documents that wait to be signed. Its key is random and in memory only, so that the file is unreadable to
// everybody else, and is gone with the process, however that ends.
#pragma once

#include <string>

#include "http/stored_body.hpp"

namespace app {

class SealedBodies final : public http::BodyStore {
 public:
  /// `folder`: is made when it is needed first, for its owner only.
  explicit SealedBodies(std::string folder) : folder_(std::move(folder)) {}

  base::Result<std::unique_ptr<http::BodyFile>> open() override;

 private:
  std::string folder_;
};

}  // namespace app
