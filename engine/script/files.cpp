#include "script/files.h"

#include <filesystem>

#include "base/error.h"
#include "base/file.h"

namespace engine::script {

std::string Files::key(const std::string& path) const {
  return std::filesystem::path{file::resolve(project_.folder, path)}
      .lexically_normal()
      .lexically_relative(project_.folder)
      .string();
}

Files::File& Files::read(const std::string& path) {
  const std::string name = key(path);
  if (const auto known = files_.find(name); known != files_.end()) return known->second;
  File read{name, project_.show(path), "", sealed_, false};
  const auto kept = kept_ ? kept_->find(name) : Texts::iterator{};
  if (kept_ && kept != kept_->end()) {
    read.text = kept->second;
  } else if (kept_ && !sealed_) {
    throw Error{Code::file, "the journal has no text of {}", read.shown};
  } else {
    read.text = read_project_file(project_, path);
  }
  return files_.emplace(name, std::move(read)).first->second;
}

bool Files::exists(const std::string& path) const {
  if (files_.contains(key(path))) return true;
  if (kept_ && !sealed_) return kept_->contains(key(path));
  return file::exists(file::resolve(project_.folder, path));
}

const Files::File* Files::find(const std::string& path) const {
  const auto found = files_.find(key(path));
  return found == files_.end() ? nullptr : &found->second;
}

}  // namespace engine::script
