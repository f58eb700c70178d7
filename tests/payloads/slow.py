"""Texts that make Markdown renderers slow: each entry makes one of any length."""

from collections.abc import Callable
from itertools import count

Generator = Callable[[int], str]


def again(piece: str, before: str = "", after: str = "") -> Generator:
    """A text of `piece` repeated."""
    return lambda size: (before + piece * (size // len(piece) + 1))[: size - len(after)] + after


def halves(first: str, second: str, middle: str = "") -> Generator:
    """Half a text of `first`, then half of `second`: things opened, then closed."""
    return lambda size: first * (size // 2 // len(first)) + middle + second * (size // 2 // len(second))


def counted(piece: str) -> Generator:
    """`piece` with a growing number in it."""

    def text(size: int) -> str:
        parts: list[str] = []
        length = 0
        for number in count():
            parts.append(piece.format(number))
            length += len(parts[-1])
            if length >= size:
                return "".join(parts)[:size]
        return ""

    return text


def growing(piece: str, between: str) -> Generator:
    """Runs of `piece` that get longer and longer, so that none finds one of its own length."""

    def text(size: int) -> str:
        parts: list[str] = []
        length = 0
        for number in count(1):
            parts.append(piece * number + between)
            length += len(parts[-1])
            if length >= size:
                return "".join(parts)[:size]
        return ""

    return text


def stairs(line: str, step: str = "  ") -> Generator:
    """Lines that are indented more and more."""

    def text(size: int) -> str:
        parts: list[str] = []
        length = 0
        for number in count():
            parts.append(step * number + line)
            length += len(parts[-1])
            if length >= size:
                return "".join(parts)[:size]
        return ""

    return text


def table(columns: int, row: str = "|\n", dash: str = "-", head: str = "a", inside: str = "") -> Generator:
    """A table of so many columns, filled with rows of little; `inside` begins each line."""
    begun = f"{inside}{f'|{head}' * columns}\n{inside}{f'|{dash}' * columns}\n"
    return lambda size: (begun + f"{inside}{row}" * size)[:size]


SLOW: dict[str, Generator] = {
    # brackets
    "[": again("["),
    "]": again("]"),
    "[ and ]": halves("[", "]"),
    "[a": again("[a"),
    "[]": again("[]"),
    "[[]": again("[[]"),
    "[[][]": again("[]", before="["),
    "![": again("!["),
    "!": again("!"),
    "[](": again("[]("),
    "[](x": again("[](x"),
    '[a](b "': again('[a](b "'),
    "[a](b ' \"": again("[a](b ' [a](b \" "),
    "[a](<": again("[a](<"),
    "[a](b": again("[a](b"),
    "[a]()": again("[a](/b)"),
    "[a](()": again("[a](()"),
    "[a](b)(b)": again("(b)", before="[a](b"),
    "]( and pairs": halves("[](x", "()"),
    "![a](b)": again("![a](http://b.example/c) "),
    "[a](blanks": again("[a](" + " " * 50),
    "[a][b]": again("[a][b]"),
    "nested links": halves("[", "](/a)"),
    "reference definitions": counted("[a{0}]: http://example.org/{0}\n"),
    "references to one": again("[a]", before="[a]: /b\n\n"),
    "footnotes": again("[^1]: a\n"),
    # HTML
    "<![": again("<!["),
    "<a ": again("<a "),
    "<": again("<"),
    ">": again(">"),
    "<>": again("<>"),
    "</": again("</"),
    "<!--": again("<!--"),
    "<?": again("<?"),
    '<a href="': again('<a href="'),
    "<b>": again("<b>"),
    "<b></b>": halves("<b>", "</b>"),
    "<http://": again("<http://"),
    "<http://a>": again("<http://a>"),
    "<a@b": again("<a@b"),
    "<a@b>": again("<a@b.c>"),
    "&": again("&"),
    "&amp;": again("&amp;"),
    "&#": again("&#"),
    "&lt;script&gt;": again("&lt;script&gt;"),
    "quotes": again("\"'"),
    "no-break blanks": again("a\u00a0"),
    "signs in lines": again("&\n\n"),
    # code
    "`": again("`"),
    "` a": again("` a"),
    "`a`": again("`a`"),
    "growing `": growing("`", "a"),
    "growing ` shrunk": lambda size: growing("`", "a")(size // 2) + growing("`", "a")(size // 2)[::-1],
    "\\`": again("\\`"),
    "fences": again("```\n"),
    "fence, blanks": lambda size: "```" + " " * (size - 3),
    "fence, 16,000 blanks": lambda size: "```\n" + " " * (size - 8) + "\n```",
    "fences of many lengths": growing("`", "\n"),
    "~~~": again("~~~\na\n"),
    "fence{": again("```{"),
    "indented code": again("    a\n\n"),
    # emphasis
    "*": again("*"),
    "_": again("_"),
    "**": again("**a"),
    "*a ": again("*a "),
    "a* ": again("a* "),
    "*a*": again("*a*"),
    "*a* ": again("*a* "),
    "*a_": again("*a_ "),
    "_a *b ": again("_a **b "),
    "**a *b": again("**a *b "),
    "*a and a*": halves("*a ", " a*"),
    "**a* and a**": halves("**a *b ", " b* a**"),
    "***a": again("***a b** c* "),
    "_* mixed": again("*_a_*__b__**c**"),
    "*a_b*": again("*a _b* c_ "),
    "growing *": growing("*", "a "),
    "a_b_": again("a_b_"),
    "~~": again("~~a"),
    # blocks
    "headings": again("# a\n"),
    "### headings": again("###### a #\n"),
    "#": again("#"),
    "#\\n": again("#\n"),
    "setext": again("a\n=\n"),
    "setext -": again("a\n-\n"),
    "heading of #": again("#", before="# a "),
    "rules": again("***\n"),
    "--- a": again("- - -\n"),
    "rule almost": again("- ", after="a"),
    "* * *": again("* "),
    "quotes nested in one line": again(">"),
    "> > >": again("> "),
    "quote lines": again("> a\n"),
    "quote, answer": again("> a\nb\n"),
    "quotes apart": again("> a\n\n"),
    "quote stairs": lambda size: "\n".join(">" * (line % 200) + "a" for line in range(size // 80))[:size],
    "quotes growing": growing(">", "a\n"),
    "deep quotes apart": again(">>>>>a\n- b\n"),
    "deep quotes, answers": again(">>>>>a\nb\n"),
    "deep quotes, rules": again(">>>>>a\n***\n"),
    "deep items": again("- a\n  - a\n    - a\n      - a\n        - a\n***\n"),
    "numbers and bullets in quotes": again(">>1. a\n>>- b\n"),
    "list lines": again("- a\n"),
    "lists apart": again("- a\n\n"),
    "numbers": again("1. a\n"),
    "number, bullet": again("1. a\n- b\n"),
    "- - -": again("- "),
    "1. 1. 1.": again("1. "),
    "- > - >": again("- > "),
    "> - > -": again("> - "),
    "list stairs": stairs("- a\n"),
    "list stairs, 10,000 deep": lambda size: ("".join(" " * deep + "- a\n" for deep in range(size // 100)))[
        :size
    ],
    "two levels": again("- a\n  - b\n"),
    "six levels": again("".join(" " * 2 * deep + "- a\n" for deep in range(7))),
    "list, paragraphs": again("- a\n\n  b\n\n"),
    "list, quote": again("- a\n  > b\n"),
    "• lines": again("• a\n"),
    "– lines": again("– a\n"),
    "•": again("•"),
    "tables": again("|a|b|\n|-|-|\n|c|d|\n\n"),
    "table rows": again("|c|d|\n", before="|a|b|\n|-|-|\n"),
    "|": again("|"),
    "|\\n": again("|\n"),
    "| and `a`": again("`a`|"),
    "|-": again("|-"),
    "wide head": lambda size: (f"{'|a' * (size // 8)}\n{'|-' * (size // 8)}\n" + "|\n" * size)[:size],
    "table of 30": table(30),
    "table of 30, centred": table(30, dash=":-:"),
    "table of 30, at the end": table(30, dash="-:"),
    "table of 30, full rows": table(30, row="|" * 31 + "\n", dash=":-:"),
    "table of 30, a letter each": table(30, row="|a" * 30 + "\n", dash=":-:"),
    "table of 30, one letter": table(30, row="a|\n"),
    "table of 30, no edge": table(30, row="a|b\n", dash=":-:"),
    "table of 30, code": table(30, row="|`\\|`\n"),
    "table of 30 in a quote": table(30, inside=">"),
    "table of 30 in quotes": table(30, inside=">>>>>", dash=":-:"),
    "table of 30 in an item": lambda size: "- a\n" + table(30, inside="  ")(size - 4),
    "table of 2, centred": table(2, dash=":-:"),
    "table of 1": table(1),
    "tables of 30": again(table(30, dash=":-:")(290) + "\n\n"),
    "tables of 30 at once": again(table(30)(125) + "\n\n"),
    "table of a quoted post": lambda size: (
        "> [a wrote](/p/1/?revision=1):\n" + table(30, inside="> ", dash=":-:")(size - 31)
    ),
    "heads and dashes": again("a|b\n-|-\n"),
    "dashes": lambda size: "a|b\n" + "-" * (size - 8) + "|x",
    "dashes and blanks": lambda size: "a|b\n" + "- " * (size // 2 - 4) + "|x",
    # lines, blanks, long words
    "empty lines": again("\n"),
    "lines": again("a\n"),
    "paragraphs": again("a\n\n"),
    "blanks": again(" "),
    "inner blanks": lambda size: "a" + " " * (size - 2) + "b",
    "inner runs of blanks": again("a" + " " * 99),
    "trailing blanks": again("a" + " " * 99 + "\n"),
    "two blanks at each end": again("a  \n"),
    "tabs": again("\t"),
    "a tab b": again("a\t"),
    "CR": again("\r"),
    "long word": again("a"),
    "words": again("word "),
    "prose": again("It took *much* longer than `planned`, see https://example.org/a_b for **why**. "),
    # addresses
    "http://": again("http://"),
    "http://a ": again("http://a.example/b "),
    "http://a(": again("http://a.example/("),
    "http://a)))": again(")", before="http://a.example/"),
    "http://a...": again(".", before="http://a.example/"),
    "http://a.,": again(".,", before="http://a.example/"),
    "http://((": again("(", before="http://a.example/"),
    "(http://": again("(http://a.example) "),
    "www.": again("www."),
    "www.a ": again("www.a.example "),
    "a.b.c": again("a."),
    "a@": again("a@"),
    "a@b.c ": again("a@b.example "),
    "mailto:": again("mailto:"),
    "://": again("://"),
    "http://a": again("http://a "),
    "[](http://a)": again("[](http://a)"),
    "[](/鐘)": again("[](/鐘😀)"),
    "<http://😀>": again("<http://😀>"),
    "titles": again('[](/a \'""""""""\')'),
    "www.😀": again("www.😀 "),
    "(": again("("),
    ")": again(")"),
    "( and )": halves("(", ")"),
    # mentions
    "@": again("@"),
    "@a": again("@a"),
    "@ada ": again("@ada "),
    "@names": counted("@p{0} "),
    "@a.b.c": again("a.", before="@"),
    "@a.b-c_d ": again("@a.b-c_d-e.f "),
    "@_a_": again("@_a_ "),
    "_@ada_": again("_@ada_ "),
    "@ and long": again("a", before="@"),
    "@ in a link": lambda size: "[" + "@ada " * (size // 5 - 2) + "](/a)",
    "@ in links": again("[@ada](/a)"),
    "@ in *": again("*@ada* "),
    "@ad": again("@ad "),
    "@鐘楼 of long addresses": again("@鐘楼 "),
    "@ in quotes": again("> @ada\n\n"),
    "@鐘": again("@鐘 "),
    "@鐘楼": counted("@鐘{0}楼 "),
    # quotes by reference
    "quotes of posts": counted("> [a wrote](/p/{0}/?revision=1):\n> a\n\n"),
    "quotes of posts, in one run": counted("> [a wrote](/p/{0}/?revision=1): a\n"),
    "quotes of posts, empty": again("> [a wrote](/p/1/?revision=1):\n"),
    "a quote of lines": again("> a\n", before="> [a wrote](/p/1/?revision=1):\n"),
    "a quote of lists": again("> - a\n> > b\n", before="> [a wrote](/p/1/?revision=1):\n"),
    "quotes of posts in lists": again("- a\n  > [a wrote](/p/1/?revision=1):\n"),
    "quotes of posts in quotes": again("> > [a wrote](/p/1/?revision=1):\n"),
    "> [": again("> [\n"),
    "> [a": again("> [a wrote](/p/1\n"),
    "> [a wrote": again("> [" + "a wrote" * 9 + "\n"),
    "[a wrote](/p/": again("[a wrote](/p/1/?revision=1):\n"),
    "[a wrote] at length": again(" wrote](/p/1/?revision=1):", before="> [a"),
    # signs of other scripts, and scripts without spaces
    "*「a」*": again("*「a」*b"),
    "**： and ：**": halves("**：", "：**"),
    "~~a~~": again("~~a~~ "),
    "~~a and a~~": halves("~~a ", " a~~"),
    "*~*~": again("*~_~"),
    "****a": again("****a"),
    "growing ~": growing("~", "a "),
    "鐘@鐘": again("鐘@鐘"),
    "@鐘楼鐘楼鐘楼鐘楼鐘楼 ": again("@鐘楼鐘楼鐘楼鐘楼鐘楼 "),
    "@a鐘a鐘": again("@a鐘b楼c鐘d "),
    "@ and 鐘": again("鐘", before="@"),
    "鐘https://": again("鐘https://a.example/b"),
    "https://a鐘https://a": again("https://a.b鐘"),
    "(https://": again("(https://a.example/"),
    "((((https://": again("((((https://a.example/"),
    "https://鐘。": again("https://a.example/鐘。"),
    "https:// and 鐘": again("鐘", before="https://a.example/"),
    "https://a’a": again("’a", before="https://a.example/"),
    "https://a;": again("&a;", before="https://a.example/"),
    "https://a;;": again(";", before="https://a.example/"),
    "www.a_": again("_www.a.example_ "),
    "[https://a](": again("[https://a.example/](/b)"),
    "[![a](": again("[![a](/b)](/c)"),
    "![ nested": halves("![", "](/a)"),
    "[a](&": again("[a](/b&amp;c)"),
    "[a](&amp;": again("&amp;", before="[a](/"),
    "[a](( ( (": again("[a](b(c(d(e(f"),
    "[a](b (": again("[a](/b (c"),
    # blocks in blocks
    "- ```": again("- ```\n  a\n  ```\n"),
    "- ``` not closed": again("- ```\n"),
    "1. > -": again("1. > - a\n"),
    "1. 2. below": again("1. a\n  2. b\n"),
    "tab, list": again("-\ta\n\tb\n\n"),
    "tabs, list": lambda size: "".join("\t" * deep + "- a\n" for deep in range(size // 60))[:size],
    "``` tabs": again("\ta\n", before="```\n"),
    "blanks, then -": again(" " * 999 + "- a\n"),
    "blanks in an item": again(" " * 999 + "b\n", before="- a\n"),
    "> below the sixth": again("> " * 40 + "a\n"),
    "- below the sixth": again("- " * 40 + "a\n"),
    "- a, lazy": again("b\n", before="- a\n"),
    "six items, blank lines": again("\n", before="- a\n  - b\n    - c\n      - d\n"),
    "words, then dashes": again("|a|\n|b|\n|-|\n"),
    "row after row, no dashes": again("|a|b|\n"),
    "- [ ] a": again("- [ ] a\n"),
    # signs and letters
    "\\": again("\\"),
    "\\*": again("\\*"),
    "\\a": again("\\a"),
    "CJK": again("鐘楼"),
    "*鐘*": again("*鐘*"),
    "emoji": again("😀"),
    "emoji lines": again("😀\n"),
    "emoji *": again("*😀* "),
    "emoji &": again("😀&"),
    "emoji <": again("😀<"),
    "emoji >": again("😀>a"),
    "emoji quotes": again('😀"'),
    "emoji `": again("😀`a` "),
    "emoji [": again("😀[a](/b)"),
    "emoji (": again("😀("),
    "emoji \\": again("😀\\*"),
    "emoji families": again("👨\u200d👩\u200d👧 "),
    "combining": again("\u0301"),
    "combining, two classes": again("\u0301\u0323"),
    "a, combining": again("a\u0323\u0301"),
    "one letter, many marks": again("\u0301\u0323", before="a"),
    "NFC longer": again("\ufb2c\u0958"),
    "Hangul": again("\u1100\u1161\u11a8"),
    "U+2028": again("a\u2028"),
    "surrogates": again("\ud800"),
    "noncharacters": again("\ufdd0\U0001ffffa"),
    "private letters": again("\uf5d1\ue000"),
    "NUL": again("\0"),
    "zero width": again("a\u200b"),
    "bidi": again("\u202e"),
    "right to left": again("שלום "),
    "placeholders": counted("\x02code:{0}\x03klzzwxh:{0}"),
}
