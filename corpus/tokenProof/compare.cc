// Compares the token streams of sources before and after stripping, with clang's own lexer.
//
// Standard input holds records: `NAME LF LENGTH LF bytes` for the source, then `COUNT LF` and as many times
// `LABEL LF LENGTH LF bytes` for what the source became. Standard output gets a line for every difference,
// fields apart by tabs: name, label, reading, differing token before, the same after (see firstDifference); and at the end one line
// `done`, records, tokens compared. Tokens are those of clang's raw lexer, with its two flags StartOfLine and LeadingSpace,
// with line ends of directives as tokens, and with header names lexed where the preprocessor would.
#include <clang/Basic/LangOptions.h>
#include <clang/Lex/Lexer.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

using clang::LangOptions;
using clang::Token;
namespace tok = clang::tok;

namespace {

struct Reading {
  const char *name;
  LangOptions options;
};

class DirectiveLexer : public clang::Lexer {
public:
  DirectiveLexer(const LangOptions &options, const std::string &text)
      : Lexer(clang::SourceLocation::getFromRawEncoding(1), options, text.data(), text.data(),
              text.data() + text.size()),
        options(options), base(text.data()) {}

  // False at the end of the source.
  bool next(Token &token) {
    ParsingFilename = wantsHeaderName;
    LexFromRawLexer(token);
    ParsingFilename = false;
    wantsHeaderName = false;
    if (token.is(tok::eof)) return false;
    track(token);
    return true;
  }

  // Raw tokens carry their start as an offset from the lexer's location, which is 1.
  std::string spelling(const Token &token) const {
    const char *at = base + (token.getLocation().getRawEncoding() - 1);
    if (!token.needsCleaning()) return std::string(at, token.getLength());
    std::string text;
    for (const char *end = at + token.getLength(); at < end;) {
      unsigned size = 0;
      text += getCharAndSizeNoWarn(at, size, options);
      at += size;
    }
    return text;
  }

private:
  void track(const Token &token) {
    if ((token.is(tok::hash) || token.is(tok::hashhash)) && token.isAtStartOfLine()) {
      if (token.is(tok::hash)) {
        ParsingPreprocessorDirective = true;
        place = Place::name;
      }
      return;
    }
    if (!ParsingPreprocessorDirective) return;
    if (place == Place::name) {
      place = Place::none;
      if (token.isNot(tok::raw_identifier)) return;
      const std::string name = spelling(token);
      wantsHeaderName = name == "include" || name == "include_next" || name == "import";
      if (name == "if" || name == "elif") place = Place::condition;
    } else if (place == Place::condition && token.is(tok::raw_identifier)) {
      const std::string name = spelling(token);
      if (name == "__has_include" || name == "__has_include_next") place = Place::test;
    } else if (place == Place::test) {
      wantsHeaderName = token.is(tok::l_paren);
      place = Place::condition;
    }
  }

  enum class Place { none, name, condition, test };
  const LangOptions &options;
  const char *base;
  bool wantsHeaderName = false;
  Place place = Place::none;
};

std::string describe(const DirectiveLexer &lexer, const Token &token, bool isThere) {
  if (!isThere) return "end of file";
  std::string text = std::string(token.getName()) + " '";
  for (const char c : lexer.spelling(token)) {
    if (c == '\n') text += "\\n";
    else if (c == '\t') text += "\\t";
    else text += c;
  }
  text += "'";
  if (token.isAtStartOfLine()) text += " [StartOfLine]";
  if (token.hasLeadingSpace()) text += " [LeadingSpace]";
  return text;
}

bool isSameToken(const DirectiveLexer &a, const Token &x, const DirectiveLexer &b, const Token &y) {
  return x.getKind() == y.getKind() && (x.is(tok::eod) || a.spelling(x) == b.spelling(y));
}

// The end of a directive is no token: blanks before it mean nothing.
bool isSamePlace(const Token &x, const Token &y) {
  return x.is(tok::eod) ||
         (x.isAtStartOfLine() == y.isAtStartOfLine() && x.hasLeadingSpace() == y.hasLeadingSpace());
}

// The first token that is another one; else the first whose flags differ; else empty.
std::string firstDifference(const Reading &reading, const std::string &before, const std::string &after,
                            uint64_t &tokens) {
  DirectiveLexer a(reading.options, before);
  DirectiveLexer b(reading.options, after);
  Token x;
  Token y;
  std::string moved;
  for (;;) {
    const bool hasX = a.next(x);
    const bool hasY = b.next(y);
    if (!hasX && !hasY) return moved;
    tokens++;
    const bool isSame = hasX == hasY && isSameToken(a, x, b, y);
    if (isSame && isSamePlace(x, y)) continue;
    const std::string difference = describe(a, x, hasX) + "\t" + describe(b, y, hasY);
    if (!isSame) return difference;
    if (moved.empty()) moved = difference;
  }
}

bool readLine(std::string &line) { return static_cast<bool>(std::getline(std::cin, line)); }

std::string readBytes() {
  std::string line;
  if (!readLine(line)) std::exit(2);
  std::string bytes(std::stoull(line), '\0');
  std::cin.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (static_cast<size_t>(std::cin.gcount()) != bytes.size()) std::exit(2);
  return bytes;
}

// gnu11, as the kernel is compiled.
LangOptions gnuOptions(bool isAssembler) {
  LangOptions options;
  options.LineComment = 1;
  options.GNUMode = 1;
  options.Digraphs = 1;
  options.HexFloats = 1;
  options.DollarIdents = !isAssembler;
  options.AsmPreprocessor = isAssembler;
  options.C99 = !isAssembler;
  options.C11 = !isAssembler;
  return options;
}

} // namespace

int main() {
  std::ios::sync_with_stdio(false);
  const Reading readings[] = {
      {"C", gnuOptions(false)},
      {"assembler", gnuOptions(true)},
  };
  uint64_t records = 0;
  uint64_t tokens = 0;
  std::string name;
  while (readLine(name)) {
    const std::string before = readBytes();
    std::string line;
    if (!readLine(line)) return 2;
    for (auto left = std::stoul(line); left > 0; left--) {
      std::string label;
      if (!readLine(label)) return 2;
      const std::string after = readBytes();
      for (const Reading &reading : readings) {
        const std::string difference = firstDifference(reading, before, after, tokens);
        if (!difference.empty()) std::cout << name << '\t' << label << '\t' << reading.name << '\t' << difference << '\n';
      }
    }
    records++;
  }
  std::cout << "done\t" << records << '\t' << tokens << '\n';
  return 0;
}
