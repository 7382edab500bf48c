#include "base/file.h"
#include "base/redactor.h"
#include "bindings/registry.h"
#include "runner/session/session.h"

namespace engine::bindings {
namespace {

int write(Call& call) {
  const std::string path = call.text(1, "the path");
  const std::string content = call.text(2, "the content");
  call.no_more_than(2);
  const std::string folder = call.session().output_folder();
  const std::string target = file::resolve(folder, path);
  // Judged before a folder is made, and again when it stands: a link may lie in between.
  const auto confine = [&] {
    const bool names_a_file = !path.empty() && !target.ends_with('/');
    if (names_a_file && path.find('\0') == std::string::npos && file::is_below(target, folder))
      return;
    throw Error{Code::argument, "file.write: {} is not inside the output folder {}", path, folder}
        .hint("Give a path relative to it.");
  };
  file::make_folder(folder);
  confine();
  file::make_folder(file::folder_of(target));
  confine();
  file::write(target, redactor::redact(content));
  return call.push(target);
}

}  // namespace

void file_write(Registry& add) {
  add({.name = "file.write",
       .effect = Effect::writes,
       .parameters = {"path string relative to the output folder", "content string"},
       .returns = {"string the path of the written file"},
       .doc = "Writes a file in the output folder, completely or not at all. Replaces secrets that "
              "this command knows by ***.",
       .example = "file.write(\"orphans.txt\", \"none\\n\")",
       .body = write});
}

}  // namespace engine::bindings
