#include "script/plan_loader.h"

#include <algorithm>
#include <filesystem>

#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "script/call_check.h"
#include "script/lua.h"
#include "script/mentions.h"
#include "script/modules.h"
#include "script/plan_checksum.h"
#include "script/plan_reader.h"
#include "script/problems.h"
#include "script/verify_lua.h"

namespace engine::script {
namespace {

std::string base_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

Project project_of(const std::string& path, const LoadOptions& options) {
  Project project;
  project.folder = file::canonical(file::folder_of(path));
  project.shown = path.find('/') == std::string::npos ? "" : path.substr(0, path.rfind('/'));
  project.root =
      options.project.empty() ? Project::root_of(project.folder) : file::canonical(options.project);
  project.lib_lua = options.lib_lua;
  return project;
}

/// What one step leaves in a local is gone when another process resumes the run.
void check_shared_locals(const Chunk& chunk, Problems& problems) {
  for (const SharedWrite& write : chunk.outline.shared_writes)
    problems.add(
        {chunk.file, write.line},
        fmt::format(
            "a step sets {}, a local variable of the file, which is lost when the run is resumed",
            write.name),
        fmt::format("Write state.{0} = …, or declare local {0} in the function.", write.name));
}

bool is_atomic(const plan::Plan& plan, const plan::Step& step) {
  return plan.atomic ||
         (step.phase >= 0 && plan.phases[static_cast<std::size_t>(step.phase)].atomic);
}

/// Does an earlier step open the transaction that this one works in?
bool joins_transaction(const plan::Plan& plan, std::size_t step) {
  return step > 0 && is_atomic(plan, plan.steps[step]) &&
         (plan.atomic || plan.steps[step - 1].phase == plan.steps[step].phase);
}

/// The key of a step's table that a line belongs to.
std::string key_at(const Construct& construct, int line) {
  std::string key;
  if (construct.body == nullptr) return key;
  for (const TableSource::Field& field : construct.body->fields)
    if (field.line <= line) key = field.key;
  return key;
}

/// No transaction stays open while a person thinks. What a helper asks is found when it runs.
void check_asks(const Chunk& chunk, const plan::Plan& plan, Problems& problems) {
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    if (!joins_transaction(plan, i)) continue;
    for (const Construct& construct : chunk.outline.constructs) {
      if (construct.word != "step" || construct.line != plan.steps[i].at.line || construct.end == 0)
        continue;
      const int last = chunk.outline.tokens[construct.end - 1].line;
      for (const GlobalUse& use : chunk.outline.globals) {
        if (use.name != "ask" || use.line < construct.line || use.line > last) continue;
        if (key_at(construct, use.line) != "run") continue;
        problems.add({chunk.file, use.line},
                     fmt::format("step \"{}\" asks while the transaction of its atomic {} is open",
                                 plan.steps[i].title, plan.atomic ? "plan" : "phase"),
                     "Declare an input, or use the step's confirm. The engine asks those before "
                     "the transaction begins.");
      }
    }
  }
}

/// Does a source name the check that compares with the run's start?
bool compares_with_start(const Sources& sources) {
  const auto& chunks = sources.chunks();
  return std::any_of(chunks.begin(), chunks.end(), [](const auto& chunk) {
    const std::vector<Token>& tokens = chunk.second.outline.tokens;
    return std::any_of(tokens.begin(), tokens.end(),
                       [](const Token& token) { return token.is("unchanged_except"); });
  });
}

/// SHA-256 of a file as this plan has it; "" where there is none.
std::string digest_of(Files& files, const std::string& path) {
  try {
    return hash::sha256(files.read(path).text);
  } catch (const Error&) {
    return "";
  }
}

/// While it lives, the state's words put problems here.
class Collecting {
 public:
  Collecting(State& state, Problems& problems) : state_(state) { state_.collect(&problems); }
  Collecting(const Collecting&) = delete;
  Collecting& operator=(const Collecting&) = delete;
  ~Collecting() { state_.collect(nullptr); }

 private:
  State& state_;
};

/// `; did you mean "plans/add_names.lua"?`: a plan of that name, or nearly, there or in plans/.
std::string plan_meant(const std::string& path) {
  namespace fs = std::filesystem;
  const std::string name = fs::path{path}.stem().string();
  for (const fs::path& folder : {fs::path{path}.parent_path(), fs::path{"plans"}}) {
    std::vector<std::string> names;
    std::error_code unreadable;
    for (const auto& entry : fs::directory_iterator{folder.empty() ? "." : folder, unreadable})
      if (entry.path().extension() == ".lua") names.push_back(entry.path().stem().string());
    if (const auto near = text::nearest(name, names))
      return fmt::format("; did you mean \"{}\"?", (folder / (*near + ".lua")).string());
  }
  return "";
}

}  // namespace

LoadedPlan load_plan(const std::string& path, const LoadOptions& options) {
  [[maybe_unused]] static const bool fit = (verify_lua(), true);
  if (!path.ends_with(".lua"))
    throw Error{Code::usage, "{} is not a plan{}", path, plan_meant(path)}.hint(
        "A plan is a file that ends in .lua.");
  if (!options.text && !file::exists(path))
    throw Error{Code::usage, "plan {} does not exist{}", path, plan_meant(path)};
  LoadedPlan loaded;
  loaded.state = std::make_shared<State>(StateOptions{options.primitives, options.memory_limit,
                                                      project_of(path, options), options.files,
                                                      options.reallocate});
  State& state = *loaded.state;
  plan::Plan& plan = loaded.plan;
  plan.path = path;
  plan.folder = state.project().folder;
  plan.source = options.text ? *options.text : file::read(path);
  const std::string name = base_name(path);
  plan.id = name.substr(0, name.size() - 4);

  Problems problems;
  const Collecting collecting{state, problems};
  const std::string chunk = state.sources().add(name, path, true, plan.source);
  state.compile(state.lua(), plan.source, chunk);
  const Chunk& source = *state.sources().find(chunk.substr(1));
  state.protect(0, [&](lua_State* lua) { check_words(lua, source, problems); });
  check_calls(state.primitives(), source, problems);
  check_shared_locals(source, problems);
  try {
    state.call(1, [&](lua_State* lua) {
      read_mentioned_files(state);
      PlanReader{loaded.state, problems, options.hazards}.read(lua_gettop(lua), plan);
    });
  } catch (const Error& error) {
    if (error.code() == Code::interrupted || error.code() == Code::memory) throw;
    problems.add(error);
  }
  check_asks(source, plan, problems);
  if (!problems.empty()) problems.raise(path);
  plan.compares_with_start = compares_with_start(state.sources());
  plan.checksum = chunk_checksum(state, chunk.substr(1));
  for (const auto& [file, about] : state.files().all()) plan.files[file] = about.text;
  state.files().seal();
  plan.digest = [kept = loaded.state](const std::string& file) {
    return digest_of(kept->files(), file);
  };
  return loaded;
}

}  // namespace engine::script
