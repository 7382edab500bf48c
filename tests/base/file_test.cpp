#include "base/file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "base/error.h"
#include "support/catch.h"

namespace file = engine::file;
namespace fs = std::filesystem;
using engine::Error;

namespace {

struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "file_test.XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path); }
  std::string operator/(const char* name) const { return (path / name).string(); }
};

}  // namespace

TEST_CASE("what is written is read, with the mode asked for") {
  const Folder folder;
  file::write(folder / "a", "one\n", 0600);
  file::write(folder / "a", "two\n", 0600);
  CHECK(file::read(folder / "a") == "two\n");
  CHECK((fs::status(folder / "a").permissions() & fs::perms::all) ==
        (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(std::distance(fs::directory_iterator{folder.path}, {}) == 1);
}

TEST_CASE("a write that fails leaves the old file and no temporary one") {
  const Folder folder;
  fs::create_directory(folder.path / "taken");
  fs::create_directory(folder.path / "taken" / "inner");
  CHECK_THROWS_AS(file::write(folder / "taken", "x"), Error);
  CHECK(std::distance(fs::directory_iterator{folder.path}, {}) == 1);
  CHECK_THROWS_WITH(file::write("/nonexistent/x", "x"), ContainsSubstring("/nonexistent/x"));
}

TEST_CASE("only regular files of a sane size are read") {
  const Folder folder;
  REQUIRE(mkfifo((folder / "fifo").c_str(), 0600) == 0);
  CHECK_THROWS_WITH(file::read(folder / "fifo"), ContainsSubstring("not a regular file"));
  CHECK_THROWS_WITH(file::read(folder / "missing"), ContainsSubstring("No such file"));
  file::write(folder / "big", std::string(100, 'x'));
  CHECK_THROWS_WITH(file::read(folder / "big", 10), ContainsSubstring("limit"));
}

TEST_CASE("below means below: a sibling with the same prefix or a link out is not") {
  const Folder folder;
  fs::create_directory(folder.path / "plans");
  fs::create_directory(folder.path / "plans-evil");
  file::write(folder / "plans-evil/x.lua", "");
  fs::create_symlink(folder / "plans-evil", folder / "plans/link");
  CHECK(file::is_below(folder / "plans/new.lua", folder / "plans"));
  CHECK_FALSE(file::is_below(folder / "plans-evil/x.lua", folder / "plans"));
  CHECK_FALSE(file::is_below(folder / "plans/link/x.lua", folder / "plans"));
  CHECK_FALSE(file::is_below(folder / "plans/../x", folder / "plans"));
}
