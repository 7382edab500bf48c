#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/embedded_server.h"

namespace engine::cli {
namespace {

constexpr const char* plan_text = R"lua(return plan "{title}" {{
  about   = "Gives every person a name to be shown by.",
  guide   = "../docs/guides/{name}.md",
  fixture = "../examples/{name}/before.sql",
  needs   = {{ postgres = 14, tables = {{ "people" }} }},
  support = "Who maintains this table, and where its logs are.",   -- shown with every failure

  phase "Migration Steps" {{
    step "Back up the people" {{
      run      = function() backup.snapshot("people", {{ as = "people_backup" }}) end,
      verify   = function() expect.table "people_backup" :has_rows_of "people" end,
      rollback = function() backup.drop "people_backup" end,
    }},

    step "Add the display name" {{
      confirm  = function() return ("Name %d people?"):format(db.count "people") end,
      run      = sql [[
        ALTER TABLE people ADD COLUMN display_name text;
        UPDATE people SET display_name = pg_catalog.split_part(full_name, ' ', 1);
        ALTER TABLE people ALTER COLUMN display_name SET NOT NULL;
      ]],
      verify   = function()
        expect.table "people" :has_column("display_name", {{ type = "text", null = false }})
      end,
      rollback = sql [[ ALTER TABLE people DROP COLUMN display_name ]],
    }},
  }},

  check "Verify Migration" {{ function()
    expect.query "SELECT count(*) FROM people WHERE display_name = ''" :equals(0)
  end }},
}}
)lua";

constexpr const char* fixture_text =
    R"sql(-- What the target looks like before plans/{name}.lua runs. The embedded target is loaded with it.
CREATE TABLE people (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  full_name text NOT NULL
);

INSERT INTO people (full_name)
VALUES ('Ada Lovelace'), ('Grace Hopper'), ('Edsger Dijkstra');
)sql";

constexpr const char* guide_text = R"md(# Migration Guide: {title}

What changes, for whom, and why.

## Migration Steps

### Back up the people

A copy of the rows, for the rollback.

### Add the display name

Everyone gets a name to be shown by: at first the first word of the full name.

## Verify Migration

Nobody is without one.

## Rollback

The column goes; nothing else was touched.
)md";

void check_name(const std::string& name) {
  const bool good =
      !name.empty() && name.size() <= 63 && name.front() >= 'a' && name.front() <= 'z' &&
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
  if (good) return;
  throw Error{Code::usage, "a plan cannot be named \"{}\"", name}.hint(
      "Use lower-case letters, digits and underscores, and begin with a letter: add_names. The "
      "name becomes part of file names and of the journal.");
}

std::string title_of(std::string name) {
  for (char& c : name) c = c == '_' ? ' ' : c;
  name.front() = static_cast<char>(name.front() - 'a' + 'A');
  return name;
}

int make(Context& context, const std::string& name) {
  check_name(name);
  const std::string title = title_of(name);
  const std::pair<std::string, std::string> files[] = {
      {fmt::format("plans/{}.lua", name),
       fmt::format(plan_text, fmt::arg("title", title), fmt::arg("name", name))},
      {fmt::format("examples/{}/before.sql", name),
       fmt::format(fixture_text, fmt::arg("name", name))},
      {fmt::format("docs/guides/{}.md", name), fmt::format(guide_text, fmt::arg("title", title))},
  };
  for (const auto& [path, content] : files) {
    if (file::exists(path)) {
      throw Error{Code::refused, "{} already exists", path}.hint(
          "Choose another name. Nothing was written.");
    }
  }
  for (const auto& [path, content] : files) {
    file::make_folder(file::folder_of(file::resolve(working_folder(), path)));
    file::write(path, content);
    context.print("made " + path + "\n");
  }
  context.print(fmt::format("Next: engine run {} -d embedded\n", files[0].first));
  return 0;
}

}  // namespace

void declare_new(CLI::App& root, std::vector<Subcommand>& commands) {
  CLI::App* parser = root.add_subcommand("new", "create a first plan, its guide and its fixture");
  parser->fallthrough();
  parser->footer(footer({"engine new add_names"}));
  const auto name = std::make_shared<std::string>();
  parser->add_option("name", *name, "the plan's name: lower-case letters, digits and underscores")
      ->type_name("NAME")
      ->required();
  commands.push_back({parser, [=](Context& context) { return make(context, *name); }});
}

}  // namespace engine::cli
