"""Random texts as people write them, and as nobody does: the same on every run.

A bare URL is one letter of the private use area here: `typed` returns what a member types.
"""

from collections.abc import Iterator
from random import Random

_WORDS = {
    "Latin": "the ring of bells, was late café naïve 12 3.5 (again) yes! really? it's snake_case_name 5*3 a_b x-y",
    "Chinese": "鐘楼 请注意 重要： 他说 「你好」 了。 （见下） 谢谢， 中文 ！ “好” 《书》 、",
    "Japanese": "鐘は 「そう」 です。 カタカナ ーと （はい） 、 行きます ！ ｶﾅ",
    "Korean": "굵게 (bold) 는 한국어 입니다. 종이 울린다 “네” 부터",
    "Arabic": "مرحبا بالعالم ، هل؟ (نعم) الجرس ١٢ «قال»",
    "Hebrew": "שלום עולם, (כן) הפעמון ״ציטוט״ 12",
    "Thai": "ระฆัง ดัง ครับ (ใช่) ๆ",
    "Cyrillic": "колокол звонит, (да) «так» 12 — нет",
    "Emoji": "👍 🎉 👩‍🚀 ok",
}
WORDS = {script: words.split() for script, words in _WORDS.items()}
JOINED = {"Chinese", "Japanese", "Thai"}  # no spaces between words
ADDRESSES = [
    "https://a.example/b",
    "http://a.example/b_c?d=e&f=g#h",
    "https://a.example/b_(c)",
    "https://www.a.example/b",
    "https://a.example/%E9%90%98",
]
STANDING = {chr(0xE100 + number): address for number, address in enumerate(ADDRESSES)}
TOKENS = [
    *("*", "**", "***", "_", "__", "~~", "`", "``", "[", "](/b)", "](/c \"d\")", "![", "\\", "\\*", "&amp;",
    "&copy;"),
    *(" ", " ", " ", "a", "b", "c d", "鐘", "楼。", "「", "」", "：", "한", "는", "ש", "م", "😀", ".", ",", "(", ")",
    "!", "\"", "—", "“", "”"),
]  # fmt: skip
LINES = [
    *("- a", "- b", "- c", "1. e", "2. f", "-", "1.", "a", "b c", "", "", "", "***", "- - -", "# h", "## i #",
    "```", "~~~", "``` js"),
    *("> j", "> - k", ">", "> > l", "> ```", "- > m", "1. - n", "- # o", "- [ ] o", "- [x] o", "   p", "   q",
    "   - r", "   - s", "   1. t"),
    *("- 1. u", "| a | b |\n|---|:-:|", "| *c* | `d` |", "鐘。", "שלום", "code\t1  "),
]  # fmt: skip


def typed(text: str) -> str:
    for letter, address in STANDING.items():
        text = text.replace(f"{letter})" if address.endswith(")") else letter, address)
    return text


def texts(count: int, seed: int = 1) -> Iterator[str]:
    for number in range(count):
        random = Random(seed * 1_000_003 + number)
        yield (_written, _written, _written, _tokens, _lines)[number % 5](random)


def _tokens(random: Random) -> str:
    """Returns one paragraph of formatting marks and letters."""
    return (
        ("a" + "".join(random.choices(TOKENS, k=random.randint(3, 14))))
        .replace("[](", "[a](")
        .replace("[ ](", "[b](")
    )


def _lines(random: Random) -> str:
    """Adds an empty line after a quotation, since there a reply is not part of it."""
    lines: list[str] = []
    for line in random.choices(LINES, k=random.randint(2, 9)):
        if lines and (
            lines[-1].count(">") > line.count(">") or line == "-" or "|" in lines[-1] and "|" not in line
        ):
            lines.append(">" * line.count(">"))
        lines.append(line)
    return "\n".join(lines)


def _written(random: Random) -> str:
    script = random.choice(list(WORDS))
    return "\n\n".join("\n".join(_block(random, script, 0)) for _ in range(random.randint(1, 4)))


def _block(random: Random, script: str, depth: int) -> list[str]:
    kinds = [_paragraph, _paragraph, _heading, _fence, _table] + [_rule] * (depth == 0)
    kind = random.choice(kinds + [_list, _list, _quote] if depth < 3 else kinds)
    return kind(random, script, depth)


def _paragraph(random: Random, script: str, depth: int) -> list[str]:
    return [
        _sentence(random, script) + random.choice(["", "", "  ", "\\"]) for _ in range(random.randint(1, 3))
    ]


def _heading(random: Random, script: str, depth: int) -> list[str]:
    return [f"{'#' * random.randint(1, 3)} {_sentence(random, script)}{random.choice(['', ' ##'])}"]


def _rule(random: Random, script: str, depth: int) -> list[str]:
    return [random.choice(["---", "***", "_ _ _", "- - -"])]


def _fence(random: Random, script: str, depth: int) -> list[str]:
    fence = random.choice(["```", "~~~", "````"])
    code = [
        "all: a.o",
        "\tcc -o a a.o  ",
        "",
        "  if x:",
        "\treturn *y*",
        "> no quote",
        "- no list",
        "<b>",
        "``",
        "1. ~~",
    ]
    return [fence + random.choice(["", "py", " c++"]), *random.choices(code, k=random.randint(0, 4)), fence]


def _table(random: Random, script: str, depth: int) -> list[str]:
    columns = random.randint(1, 3)
    sides = random.choices(["---", ":--", ":-:", "--:"], k=columns)
    rows = [
        [_run(random, script).replace("|", "") for _ in range(columns)] for _ in range(random.randint(2, 3))
    ]
    head, *body = [f"| {' | '.join(row)} |" for row in rows]
    return [head, f"|{'|'.join(sides)}|", *body]


def _list(random: Random, script: str, depth: int) -> list[str]:
    lines: list[str] = []
    mark = random.choice(["-", "-", "1.", "7.", "10."])
    stand_apart = random.random() < 0.3
    for number in range(random.randint(1, 3)):
        marker = mark if mark == "-" else f"{int(mark[:-1]) + number}."
        gap = random.choice([1, 1, 1, 2, 3])
        inside = _block(random, script, depth + 1)
        if random.random() < 0.4:
            more = _block(random, script, depth + 1)
            is_apart = random.random() < 0.5 or any(
                line[:1] in ">-| 123456789" for line in (inside[-1], more[0])
            )
            inside += [""] * is_apart + more
        indent = " " * (len(marker) + gap)
        lines += [
            f"{marker}{' ' * gap}{inside[0]}",
            *(f"{indent}{line}" if line else "" for line in inside[1:]),
        ]
        lines += [""] * stand_apart
    return lines[: len(lines) - stand_apart]


def _quote(random: Random, script: str, depth: int) -> list[str]:
    inside = _block(random, script, depth + 1) + random.choice([[], ["", *_block(random, script, depth + 1)]])
    return [f"> {line}" if line else ">" for line in inside]


def _sentence(random: Random, script: str) -> str:
    between = "" if script in JOINED else " "
    return between.join(_run(random, script) for _ in range(random.randint(1, 5))).strip()


def _run(random: Random, script: str) -> str:
    words = random.choices(WORDS[script], k=random.randint(1, 3))
    said = ("" if script in JOINED else " ").join(words)
    address = random.choice(ADDRESSES)
    alone = random.choice(list(STANDING))
    alone += ")" if STANDING[alone].endswith(")") else ""
    forms = {
        "{0}": 6, "*{0}*": 2, "**{0}**": 2, "***{0}***": 1, "_{0}_": 1, "__{0}__": 1, " ~~{0}~~ ": 1,
        "`{0}`": 1, "`` {0} ` ``": 1,
        "[{0}]({1})": 1, "[{0}](<{1}> \"t\")": 1, "![{3}]({1})": 1, "<https://a.example/b>": 1, "{2} ": 1,
        "({2})": 1, "{0} {2}. ": 1,
        "\\*{0}\\*": 1, "{0}&amp;&lt;&#169;": 1, "*{0} **{0}***": 1, "**{0}*{0}***": 1, "{0} * {0}": 1,
        "[*{0}*]({1})": 1,
        "*[{0}]({1})*": 1, "_{2}_ ": 1, "**{2}**": 1, " ~~{2}~~ ": 1, "“{2}”": 1, "{0}：{2}。": 1,
    }  # fmt: skip
    form = random.choices(list(forms), list(forms.values()))[0]
    return form.format(said, address, alone, said.replace("*", ""))
