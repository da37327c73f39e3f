#include "demo/documents.hpp"

#include <filesystem>
#include <fstream>
#include <span>

#include "base/embedded.hpp"

namespace demo {

std::span<const base::EmbeddedFile> embedded_documents();

base::Result<void> write_documents(const std::string& data) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(data) / "documents";
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return base::fail(base::Code::unavailable, "cannot make " + folder.string() + ": " + error.message());
  for (const base::EmbeddedFile& file : embedded_documents()) {
    const fs::path place = folder / std::string(file.name);
    if (fs::exists(place, error)) continue;
    std::ofstream out(place, std::ios::binary);
    out << file.content;
    if (!out.flush()) return base::fail(base::Code::unavailable, "cannot write " + place.string());
  }
  return {};
}

}  // namespace demo
