#include "app/installation.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <sys/stat.h>

#include "app/master_key_file.hpp"
#include "flow/administer.hpp"
#include "store/accounts.hpp"
#include "store/tenants.hpp"

namespace app {
namespace {

constexpr std::string_view demo_mark = "demo";
constexpr std::string_view key_mark = "master_key_check";

base::Result<void> make_folder(const std::string& folder) {
  std::error_code error;
  if (std::filesystem::is_directory(folder, error)) return {};
  const auto parent = std::filesystem::path(folder).parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent, error);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return base::fail(base::Code::unavailable, "the data folder " + folder + " cannot be made: " + std::strerror(errno));
  }
  return {};
}

}  // namespace

Installation::Installation(const Config& config, std::unique_ptr<store::Store> database)
    : store_(std::move(database)), master_(store_->master()), keys_(*store_), settings_(config.settings) {}

base::Result<std::unique_ptr<Installation>> Installation::open(const Config& config, Purpose purpose) {
  if (purpose == Purpose::serve && !config.data_dir.empty()) RETURN_IF_ERROR(make_folder(config.data_dir));
  ASSIGN_OR_RETURN(auto master, find_master_key(config, purpose == Purpose::serve));
  ASSIGN_OR_RETURN(auto database, store::Store::open(config.store, master));
  std::unique_ptr<Installation> opened(new Installation(config, std::move(database)));
  RETURN_IF_ERROR(opened->check_marks());
  const base::Time now = base::now();
  RETURN_IF_ERROR(flow::prepare_installation(opened->house(), now));
  RETURN_IF_ERROR(opened->keys_.load(now));
  return opened;
}

base::Result<void> Installation::check_marks() {
  const std::string check = base::to_hex(master_.authenticate("key-check", "chancery"));
  struct Marks {
    bool demo = false;
    std::string key;
    bool has_accounts = false;
  };
  ASSIGN_OR_RETURN(const Marks marks, store_->read([&](store::Tx& tx) -> base::Result<Marks> {
    Marks found;
    ASSIGN_OR_RETURN(const auto demo, store::find_mark(tx, demo_mark));
    ASSIGN_OR_RETURN(const auto key, store::find_mark(tx, key_mark));
    ASSIGN_OR_RETURN(const auto accounts, store::list_accounts(tx, base::Id(), 1));
    found.demo = demo.has_value();
    found.key = key.value_or("");
    found.has_accounts = !accounts.empty();
    return found;
  }));
  if (!marks.key.empty() && marks.key != check) {
    return base::fail(base::Code::invalid_input, "the master key is not the one with which this database was made");
  }
  if (marks.demo && !settings_.demo) {
    return base::fail(base::Code::conflict, "this database was made for a demonstration and is opened with demo = true only");
  }
  if (!marks.demo && settings_.demo && marks.has_accounts) {
    return base::fail(base::Code::conflict, "demo = true needs a database of its own, but this one has accounts and was made without it");
  }
  if (!marks.key.empty() && marks.demo == settings_.demo) return {};
  return store_->write([&](store::Tx& tx) -> base::Result<void> {
    if (settings_.demo) RETURN_IF_ERROR(store::set_mark(tx, demo_mark, "1"));
    return store::set_mark(tx, key_mark, check);
  });
}

}  // namespace app
