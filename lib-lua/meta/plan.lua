---@meta _
-- The words that a plan is written with, for editors. What the primitives are is in the *.gen.lua files beside this one.

---@alias sql_text table what sql gives
---@alias action sql_text | fun()
---@alias actions action | action[]
---@alias question string | fun(): string?
---@alias condition fun(): any, string?
---@alias checks fun() | check | (fun() | check)[]

---@class plan_header
---@field id? string of the journal; the file's name unless given
---@field about? string
---@field guide? string a path, seen from the plan's file
---@field fixture? string an SQL file with the plan's before-state
---@field needs? needs | condition else nothing is touched
---@field inputs? table<string, input_field>
---@field hints? table<string, string> by SQLSTATE
---@field support? string shown with every failure
---@field next? string what to do when all is done
---@field accept? table<string, string> a finding's rule, or `input=answer` of a rollback that leaves something on purpose, and why it is accepted
---@field search_path? string what bare names mean
---@field atomic? boolean the whole plan is one transaction
---@field lock_timeout? string
---@field statement_timeout? string
---@field version? string

---@class needs
---@field postgres? integer the least major version
---@field tables? string | string[]
---@field columns? string | string[]
---@field functions? string | string[]
---@field roles? string | string[]
---@field extensions? string | string[]
---@field plans? string | string[] that must have run before

---@class input_field
---@field type "boolean" | "integer" | "number" | "text" | "date" | "interval" | "choice" | "secret"
---@field default? any without one it must be answered
---@field ask? string
---@field choices? string[]
---@field when? fun(): boolean
---@field at? "rollback"

---@class step_fields
---@field id? string of the journal; the title unless given
---@field heading? string of the guide
---@field why? string
---@field when? condition else the step is skipped, for the reason given second
---@field done? condition is it there already?
---@field confirm? question
---@field run? actions
---@field verify? checks
---@field rollback? actions | undo | nothing | impossible
---@field transaction? "none"
---@field hints? table<string, string>
---@field accept? table<string, string>
---@field lock_timeout? string
---@field statement_timeout? string

---@class undo
---@field confirm? question
---@field run actions
---@field verify? checks
---@field transaction? "none"

---@class check_fields
---@field [1] fun()
---@field why? string
---@field hint? string shown where it fails

---@class manual_fields
---@field id? string
---@field heading? string
---@field why? string
---@field when? condition
---@field list? string[]
---@field ask? string the title unless given
---@field verify? checks
---@field rollback? string | nothing | impossible what a person does first when rolling back
---@field hints? table<string, string>

---@class task_fields
---@field id? string
---@field heading? string of the guide
---@field why? string
---@field inputs? table<string, input_field>
---@field when? condition
---@field confirm? question
---@field run? actions
---@field verify? checks
---@field transaction? "none"

---@class plan
---@class phase
---@class step
---@class check
---@class manual
---@class task
---@class nothing
---@class impossible

---@param title string
---@return fun(fields: plan_header): plan
function plan(title) end

---@param title string
---@return fun(fields: { id?: string, atomic?: boolean, [integer]: step | check | manual }): phase
function phase(title) end

---@param title string
---@return fun(fields: step_fields): step
function step(title) end

---@param title string
---@return fun(fields: check_fields): check
function check(title) end

--- May write: it is rolled back, and belongs to the run.
---@param title string
---@return fun(fields: check_fields): check
function test(title) end

---@param title string
---@return fun(fields: manual_fields): manual
function manual(title) end

---@param title string
---@return fun(fields: task_fields): task
function task(title) end

--- There is nothing to undo.
---@type nothing
nothing = {}

--- It cannot be undone.
---@param why string
---@return impossible
function impossible(why) end

--- `sql [[ … ]]`: statements, or a piece of SQL where a primitive takes one.
---@class sql
---@overload fun(text: string): sql_text
sql = {}

--- The statements of a file, seen from the plan's own.
---@param path string
---@return sql_text
function sql.file(path) end

--- SQL NULL, where a value must be given.
null = {}

--- What the operator supplied, by the names in `inputs`.
---@type table<string, any>
input = {}

--- What steps leave to each other: plain values, kept with the run.
---@type table<string, any>
state = {}
