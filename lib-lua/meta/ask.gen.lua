---@meta _
-- Printed by the engine from its primitives: do not edit, run the target `reference`.

---@class ask
ask = {}

--- Asks for yes or no before the step's first statement. The answer no ends the run. For two alternatives, use ask.choice.
---@param question string|table the question's text, or { text = …, name = …, default = … }; flags and answers files use the name
function ask.confirm(question) end

--- Asks for one of several answers before the step's first statement.
---@param question table { text = …, choices = { "a", { "b", "what b means" } }, name = …, default = … }
---@return string answer one of the choices
function ask.choice(question) end

--- Asks for a text before the step's first statement.
---@param question string|table the question's text, or { text = …, name = …, default = … }; flags and answers files use the name
---@return string answer
function ask.text(question) end

--- Asks for a secret. The engine writes it to no journal, log or message.
---@param question string|table the question's text, or { text = …, name = …, default = … }; flags and answers files use the name
---@return secret answer usable only as a parameter of a statement
function ask.secret(question) end
