// The modules and SQL files that a plan executes. Each is read once, and what was read is executed
// from then on, however often the file is edited.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "script/project.h"

namespace engine::script {

class Files {
 public:
  /// By path from the plan's folder, normalized.
  using Texts = std::map<std::string, std::string>;

  struct File {
    std::string path;   // from the plan's folder, normalized
    std::string shown;  // as people write it: "plans/orders/indexes.sql"
    std::string text;
    bool late = false;   // first read after seal()
    bool loose = false;  // used by a name that is not a literal argument of require or sql.file
  };

  /// `kept`: the texts as a journal keeps them; until seal() there are no others.
  Files(Project project, std::optional<Texts> kept)
      : project_(std::move(project)), kept_(std::move(kept)) {}

  /// `path` is seen from the plan's folder. Throws as read_project_file.
  File& read(const std::string& path);
  bool exists(const std::string& path) const;
  /// The file, if it was read.
  const File* find(const std::string& path) const;
  const std::map<std::string, File>& all() const { return files_; }

  /// The plan is loaded: a file that is first read from now on is in no checksum.
  void seal() { sealed_ = true; }

 private:
  std::string key(const std::string& path) const;

  Project project_;
  std::optional<Texts> kept_;
  std::map<std::string, File> files_;
  bool sealed_ = false;
};

}  // namespace engine::script
