#include "zip/zip.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <clocale>
#include <memory>
#include <set>

namespace zip {
namespace {

constexpr std::size_t most_entries = 20;
constexpr int file_mode = 0600;

struct EndWrite {
  void operator()(archive* one) const { archive_write_free(one); }
};
struct EndRead {
  void operator()(archive* one) const { archive_read_free(one); }
};
struct EndEntry {
  void operator()(archive_entry* one) const { archive_entry_free(one); }
};

/// libarchive converts names by the locale of the thread, and that of the process is "C".
class Utf8Names {
 public:
  Utf8Names() : made_(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)), before_(::uselocale(made_)) {}
  ~Utf8Names() {
    ::uselocale(before_);
    if (made_ != nullptr) ::freelocale(made_);
  }
  Utf8Names(const Utf8Names&) = delete;
  Utf8Names& operator=(const Utf8Names&) = delete;

 private:
  locale_t made_;
  locale_t before_;
};

bool is_plain_name(std::string_view name) {
  const bool is_odd = std::any_of(name.begin(), name.end(), [](unsigned char c) {
    return c < 0x20 || c == 0x7f || c == '/' || c == '\\' || c == ':';
  });
  return !name.empty() && name.size() <= 255 && !is_odd && name != "." && name != ".." && base::is_utf8(name);
}

la_ssize_t append(archive* /*archive*/, void* out, const void* octets, std::size_t size) {
  static_cast<std::string*>(out)->append(static_cast<const char*>(octets), size);
  return static_cast<la_ssize_t>(size);
}

tl::unexpected<base::Error> fail(archive* one) {
  const char* const words = archive_error_string(one);
  return base::fail(base::Code::internal, words == nullptr ? "libarchive failed" : words);
}

base::Result<void> write_entry(archive* out, const Entry& entry, base::Time now) {
  const std::unique_ptr<archive_entry, EndEntry> head(archive_entry_new());
  if (!head) return base::fail(base::Code::internal, "no memory");
  archive_entry_set_pathname_utf8(head.get(), entry.name.c_str());
  archive_entry_set_size(head.get(), static_cast<la_int64_t>(entry.content.size()));
  archive_entry_set_filetype(head.get(), AE_IFREG);
  archive_entry_set_perm(head.get(), file_mode);
  archive_entry_set_mtime(head.get(), base::to_seconds(now), 0);
  if (archive_write_header(out, head.get()) != ARCHIVE_OK) return fail(out);
  const std::string_view content = entry.content.reveal();
  if (archive_write_data(out, content.data(), content.size()) != static_cast<la_ssize_t>(content.size())) {
    return fail(out);
  }
  return {};
}

}  // namespace

base::Result<base::Secret> pack(std::span<const Entry> entries, base::Time now) {
  std::set<std::string_view> names;
  std::size_t size = 0;
  for (const Entry& entry : entries) {
    if (!is_plain_name(entry.name) || !names.insert(entry.name).second)
      return base::fail(base::Code::invalid_input, "a name of the archive");
    size += entry.content.size() + 2 * entry.name.size() + 512;
  }
  const Utf8Names names_are_utf8;
  std::string made;
  made.reserve(size + 4096);  // so that no copy of a secret stays behind in memory that was given back
  const std::unique_ptr<archive, EndWrite> out(archive_write_new());
  if (!out || archive_write_set_format_zip(out.get()) != ARCHIVE_OK) {
    return base::fail(base::Code::internal, "libarchive cannot write ZIP");
  }
  archive_write_zip_set_compression_store(out.get());
  archive_write_set_options(out.get(), "zip:hdrcharset=UTF-8");
  archive_write_set_bytes_per_block(out.get(), 0);
  if (archive_write_open(out.get(), &made, nullptr, append, nullptr) != ARCHIVE_OK) return fail(out.get());
  for (const Entry& entry : entries) RETURN_IF_ERROR(write_entry(out.get(), entry, now));
  if (archive_write_close(out.get()) != ARCHIVE_OK) return fail(out.get());
  return base::Secret(std::move(made));
}

base::Result<std::vector<Entry>> unpack(base::BytesView octets, std::size_t most) {
  const Utf8Names names_are_utf8;
  const auto refuse = [](const char* why) { return base::fail(base::Code::invalid_input, why); };
  const std::unique_ptr<archive, EndRead> in(archive_read_new());
  if (!in || archive_read_support_format_zip(in.get()) != ARCHIVE_OK) {
    return base::fail(base::Code::internal, "libarchive cannot read ZIP");
  }
  if (archive_read_open_memory(in.get(), octets.data(), octets.size()) != ARCHIVE_OK) return refuse("no ZIP archive");
  std::vector<Entry> entries;
  std::size_t left = most;
  archive_entry* head = nullptr;
  while (true) {
    const int step = archive_read_next_header(in.get(), &head);
    if (step == ARCHIVE_EOF) break;
    if (step != ARCHIVE_OK) return refuse("no ZIP archive");
    const char* const name = archive_entry_pathname_utf8(head);
    if (name == nullptr || !is_plain_name(name)) return refuse("a name with a path");
    if (archive_entry_is_data_encrypted(head) != 0) return refuse("an encrypted entry");
    if (entries.size() == most_entries) return refuse("too many entries");
    std::string content;
    std::array<char, 16 * 1024> block{};
    while (true) {
      const la_ssize_t size = archive_read_data(in.get(), block.data(), block.size());
      if (size < 0) return refuse("an entry that cannot be read");
      if (size == 0) break;
      if (static_cast<std::size_t>(size) > left) return refuse("too large");
      left -= static_cast<std::size_t>(size);
      content.append(block.data(), static_cast<std::size_t>(size));
    }
    entries.push_back({name, base::Secret(std::move(content))});
  }
  if (entries.empty()) return refuse("no ZIP archive");
  return entries;
}

}  // namespace zip
