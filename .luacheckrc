std = "luajit"
max_line_length = 130

files["plans"] = {
  read_globals = {
    "plan", "phase", "step", "check", "test", "manual", "task", "nothing", "impossible", "sql", "null", "note", "refuse",
    "db", "catalog", "backup", "copy", "expect", "ask", "file",
    input = { other_fields = true },
    state = { read_only = false, other_fields = true },
  },
}
files["examples"] = files["plans"]
files["lib-lua"] = files["plans"]
exclude_files = { "lib-lua/meta", "build" }
