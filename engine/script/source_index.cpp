#include "script/source_index.h"

#include <algorithm>
#include <array>
#include <optional>

namespace engine::script {
namespace {

constexpr std::array<std::string_view, 7> construct_words{"plan", "phase",  "step", "check",
                                                          "test", "manual", "task"};

/// What an expression turned out to be, as far as anyone asks.
struct Expression {
  std::optional<std::string> text;           // a string constant
  std::shared_ptr<const TableSource> table;  // a table constructor
};

// Blocks and expressions within one another. LuaJIT refuses more than 200 (LUAI_MAXCCALLS), so what
// is read of a deeper source does not matter.
constexpr int deepest = 250;

/// A parser of Lua 5.1 and LuaJIT's additions. What LuaJIT does not accept it reads as well as it
/// can; LuaJIT then names the error. It resolves locals by scope, so that what is left are words.
class IndexReader {
 public:
  explicit IndexReader(std::vector<Token> tokens) { outline_.tokens = std::move(tokens); }

  Outline run() {
    block();
    return std::move(outline_);
  }

 private:
  using Names = std::vector<std::string>;

  const Token& peek(std::size_t ahead = 0) const {
    return outline_.tokens[std::min(position_ + ahead, outline_.tokens.size() - 1)];
  }
  const Token& next() {
    const Token& token = peek();
    if (position_ + 1 < outline_.tokens.size()) ++position_;
    return token;
  }
  bool accept(std::string_view symbol) {
    if (!peek().is(symbol)) return false;
    next();
    return true;
  }
  bool at_end() const { return peek().kind == TokenKind::end; }

  bool is_local(std::string_view name) const {
    for (const Names& scope : scopes_)
      if (std::find(scope.begin(), scope.end(), name) != scope.end()) return true;
    return false;
  }
  /// Declared outside every block, and not again further inside.
  bool is_local_of_file(std::string_view name) const {
    const auto declares = [&](const Names& scope) {
      return std::find(scope.begin(), scope.end(), name) != scope.end();
    };
    return declares(scopes_.front()) && std::none_of(scopes_.begin() + 1, scopes_.end(), declares);
  }
  void declare(std::string name) {
    if (!scopes_.empty()) scopes_.back().push_back(std::move(name));
  }

  bool block_ends() const {
    return at_end() || peek().is("end") || peek().is("else") || peek().is("elseif") ||
           peek().is("until");
  }

  /// One level of nesting, while it lives. Below the deepest the rest of the source is skipped.
  class Level {
   public:
    explicit Level(IndexReader& reader) : reader_(reader) {
      if (++reader_.depth_ > deepest) reader_.position_ = reader_.outline_.tokens.size() - 1;
    }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    ~Level() { --reader_.depth_; }

   private:
    IndexReader& reader_;
  };

  void block(const Names& names = {}) {
    const Level level{*this};
    scopes_.push_back(names);
    while (!block_ends()) {
      const std::size_t before = position_;
      statement();
      if (position_ == before) next();
      if (scopes_.size() == 1) change(before);
    }
    scopes_.pop_back();
  }

  /// A statement of the file that is no `local` and no `return` defines what it changes: the local
  /// that it assigns to, or else any that it names.
  void change(std::size_t begin) {
    const std::vector<Token>& tokens = outline_.tokens;
    if (tokens[begin].is("local") || tokens[begin].is("return")) return;
    std::size_t end = position_;
    if (tokens[begin].is("function")) {
      end = begin + 2;
    } else {
      int depth = 0;
      for (std::size_t at = begin; at < position_ && tokens[begin].kind == TokenKind::name; ++at) {
        const Token& token = tokens[at];
        depth += token.is("(") || token.is("{") || token.is("[") ? 1 : 0;
        depth -= token.is(")") || token.is("}") || token.is("]") ? 1 : 0;
        if (depth != 0 || !token.is("=")) continue;
        end = at;
        break;
      }
    }
    Names names;
    for (std::size_t at = begin; at < end; ++at) {
      const bool field = at > begin && (tokens[at - 1].is(".") || tokens[at - 1].is(":"));
      if (tokens[at].kind == TokenKind::name && !field && is_local_of_file(tokens[at].spelling))
        names.emplace_back(tokens[at].spelling);
    }
    if (!names.empty()) outline_.definitions.push_back({std::move(names), begin, position_});
  }

  void statement() {
    if (accept(";")) return;
    if (peek().is("local")) return local_statement();
    if (peek().is("function")) return function_statement();
    if (accept("if")) return if_statement();
    if (accept("while")) {
      expression();
      accept("do");
      return end_block();
    }
    if (accept("do")) return end_block();
    if (accept("for")) return for_statement();
    if (accept("repeat")) return repeat_statement();
    if (accept("return")) {
      if (!block_ends() && !peek().is(";")) expressions();
      return;
    }
    if (accept("break")) return;
    if (accept("::")) {
      next();
      accept("::");
      return;
    }
    if (peek().is("goto") && peek(1).kind == TokenKind::name) {
      next();
      next();
      return;
    }
    assignment_or_call();
  }

  void end_block(const Names& names = {}) {
    block(names);
    accept("end");
  }

  void local_statement() {
    const std::size_t begin = position_;
    Names names;
    next();
    if (accept("function")) {
      names.emplace_back(next().spelling);
      declare(names.front());
      function_body({});
    } else {
      do {
        names.emplace_back(next().spelling);
      } while (accept(","));
      if (accept("=")) expressions();
      for (const std::string& name : names) declare(name);
    }
    if (scopes_.size() == 1) outline_.definitions.push_back({std::move(names), begin, position_});
  }

  void function_statement() {
    next();
    const Token& name = next();
    const bool nested = peek().is(".") || peek().is(":");
    if (!is_local(name.spelling))
      outline_.globals.push_back({std::string{name.spelling}, "", name.line, !nested, {}});
    Names parameters;
    while (peek().is(".") || peek().is(":")) {
      if (next().is(":")) parameters.emplace_back("self");
      next();
    }
    function_body(std::move(parameters));
  }

  void function_body(Names parameters) {
    accept("(");
    while (!at_end() && !peek().is(")")) {
      if (peek().kind == TokenKind::name) parameters.emplace_back(peek().spelling);
      next();
    }
    accept(")");
    ++functions_;
    end_block(parameters);
    --functions_;
  }

  void if_statement() {
    expression();
    accept("then");
    block();
    while (accept("elseif")) {
      expression();
      accept("then");
      block();
    }
    if (accept("else")) block();
    accept("end");
  }

  void for_statement() {
    Names names;
    do {
      names.emplace_back(next().spelling);
    } while (accept(","));
    if (!accept("=")) accept("in");
    expressions();
    accept("do");
    end_block(names);
  }

  void repeat_statement() {
    const Level level{*this};
    // The condition sees the locals of the block.
    scopes_.emplace_back();
    while (!block_ends()) {
      const std::size_t before = position_;
      statement();
      if (position_ == before) next();
    }
    if (accept("until")) expression();
    scopes_.pop_back();
  }

  void assignment_or_call() {
    std::vector<std::size_t> plain;   // uses that are nothing but a name
    std::vector<SharedWrite> shared;  // locals of the file that are nothing but a name
    do {
      const std::size_t uses = outline_.globals.size();
      const std::size_t begin = position_;
      const Token& first = peek();
      suffixed();
      if (position_ != begin + 1) continue;
      if (outline_.globals.size() == uses + 1) plain.push_back(uses);
      if (functions_ > 0 && constructs_ > 0 && is_local_of_file(first.spelling))
        shared.push_back({std::string{first.spelling}, first.line});
    } while (accept(","));
    if (!accept("=")) return;
    for (const std::size_t use : plain) outline_.globals[use].assigned = true;
    outline_.shared_writes.insert(outline_.shared_writes.end(), shared.begin(), shared.end());
    expressions();
  }

  void expressions() {
    do {
      expression();
    } while (accept(","));
  }

  bool accept_operator() {
    static constexpr std::array<std::string_view, 16> operators{
        "+", "-", "*", "/", "%", "^", "..", "<", ">", "<=", ">=", "==", "~=", "and", "or", "//"};
    for (const std::string_view symbol : operators)
      if (accept(symbol)) return true;
    return false;
  }

  Expression expression() {
    Expression result = operand();
    while (accept_operator()) {
      operand();
      result = {};
    }
    return result;
  }

  Expression operand() {
    const Level level{*this};
    if (accept("not") || accept("-") || accept("#")) {
      operand();
      return {};
    }
    if (accept("function")) {
      function_body({});
      return {};
    }
    if (peek().is("{")) return {std::nullopt, table()};
    if (peek().kind == TokenKind::text) return {next().value, nullptr};
    if (peek().kind == TokenKind::number || peek().is("nil") || peek().is("true") ||
        peek().is("false") || peek().is("...")) {
      next();
      return {};
    }
    suffixed();
    return {};
  }

  std::shared_ptr<const TableSource> table() {
    auto source = std::make_shared<TableSource>();
    source->line = next().line;
    while (!at_end() && !peek().is("}")) {
      const std::size_t before = position_;
      TableSource::Field field;
      field.line = peek().line;
      bool keyed = true;
      if (peek().kind == TokenKind::name && peek(1).is("=")) {
        field.key = next().spelling;
        next();
      } else if (accept("[")) {
        const Expression key = expression();
        field.key = key.text.value_or("");
        accept("]");
        accept("=");
      } else {
        keyed = false;
      }
      field.table = expression().table;
      (keyed ? source->fields : source->items).push_back(std::move(field));
      if (!accept(",")) accept(";");
      if (position_ == before) next();
    }
    accept("}");
    return source;
  }

  struct Arguments {
    std::optional<std::string> text;
    std::shared_ptr<const TableSource> table;
    std::vector<std::shared_ptr<const TableSource>> tables;
    std::size_t begin = 0, end = 0;
    int line = 0;
  };

  bool at_arguments() const {
    return peek().is("(") || peek().is("{") || peek().kind == TokenKind::text;
  }

  Arguments arguments() {
    Arguments result;
    result.begin = position_;
    result.line = peek().last_line;
    Expression only;
    if (accept("(")) {
      int count = 0;
      while (!at_end() && !peek().is(")")) {
        const std::size_t before = position_;
        only = expression();
        result.tables.push_back(only.table);
        ++count;
        accept(",");
        if (position_ == before) next();
      }
      accept(")");
      if (count != 1) only = {};
    } else {
      only = peek().is("{") ? Expression{std::nullopt, table()} : Expression{next().value, nullptr};
      result.tables.push_back(only.table);
    }
    result.text = only.text;
    result.table = only.table;
    result.end = position_;
    return result;
  }

  void suffixed() {
    std::optional<std::size_t> use;  // of the word that the suffixes follow
    if (accept("(")) {
      expression();
      accept(")");
    } else if (peek().kind == TokenKind::name) {
      const Token& name = next();
      if (!is_local(name.spelling)) {
        use = outline_.globals.size();
        outline_.globals.push_back({std::string{name.spelling}, "", name.line, false, {}});
        if (at_arguments() && std::find(construct_words.begin(), construct_words.end(),
                                        name.spelling) != construct_words.end())
          construct(name);
      }
    } else {
      return;
    }
    suffixes(use);
  }

  void suffixes(std::optional<std::size_t> use) {
    const auto record = [&](ChainCall call) {
      call.tables = arguments().tables;
      if (use) outline_.globals[*use].calls.push_back(std::move(call));
    };
    for (bool first = true;; first = false) {
      if (accept(".")) {
        const Token& field = next();
        if (use && first && field.kind == TokenKind::name) {
          outline_.globals[*use].field = field.spelling;
        } else {
          use.reset();
        }
      } else if (accept("[")) {
        expression();
        accept("]");
        use.reset();
      } else if (peek().is(":") && peek(1).kind == TokenKind::name) {
        next();
        const Token& method = next();
        record({std::string{method.spelling}, method.line, {}});
      } else if (at_arguments()) {
        // `f "x" { … }` calls what the first call gave, which nobody here knows.
        if (use && !outline_.globals[*use].calls.empty()) use.reset();
        record({"", peek().line, {}});
      } else {
        return;
      }
    }
  }

  void construct(const Token& word) {
    Construct found;
    found.word = word.spelling;
    found.line = word.line;
    const Arguments title = arguments();
    found.call_line = title.line;
    found.title = title.text.value_or("");
    if (at_arguments()) {
      ++constructs_;
      const Arguments body = arguments();
      --constructs_;
      found.begin = body.begin;
      found.end = body.end;
      found.body = body.table;
    }
    outline_.constructs.push_back(std::move(found));
  }

  Outline outline_;
  std::size_t position_ = 0;
  std::vector<Names> scopes_;
  int depth_ = 0;
  int functions_ = 0;  // around what is read now
  int constructs_ = 0;
};

}  // namespace

const TableSource::Field* TableSource::field(std::string_view key) const {
  for (const Field& field : fields)
    if (field.key == key) return &field;
  return nullptr;
}

Outline outline_of(std::string_view source) { return IndexReader{tokens_of(source)}.run(); }

}  // namespace engine::script
