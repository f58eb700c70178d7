"""Texts in scripts without spaces between words, and next to non-ASCII punctuation."""

import pytest

from core.text import render
from core.text.name_keys import name_key
from core.text.references import MentionedMember, References
from tests.payloads.dom import elements

NAMES = ("member", "小明", "김철수", "สมชาย", "鐘楼")
PEOPLE = References(
    people={name_key(name): MentionedMember(pk, f"/u/{name}/") for pk, name in enumerate(NAMES)}
)


def html_of(text: str) -> str:
    return render(text, host="forum.example", refers_to=PEOPLE).html


def links_in(text: str) -> list[tuple[str, str]]:
    links = [link for link in elements(html_of(text)) if link.tag == "a" and link.get("class") != "mention"]
    return [("".join(link.itertext()), link.get("href")) for link in links]


def mentions_in(text: str) -> list[str]:
    return [link.text for link in elements(html_of(text)) if link.get("class") == "mention"]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**重要：**请注意", "<strong>重要：</strong>请注意"),
        ("他说**「你好」**了", "他说<strong>「你好」</strong>了"),
        ("*斜体。*继续", "<em>斜体。</em>继续"),
        ("**굵게(bold)**는", "<strong>굵게(bold)</strong>는"),
        ("**“好”**了", "<strong>“好”</strong>了"),
        ("これは***強い！***です", "これは<em><strong>強い！</strong></em>です"),
        ("~~（旧）~~新", "<del>（旧）</del>新"),
        ("**ตัวหนา (x)**ต่อ", "<strong>ตัวหนา (x)</strong>ต่อ"),
        ("**！**a", "<strong>！</strong>a"),
        ("a**(b)**c", "a**(b)**c"),  # scripts with spaces: as CommonMark
        ("**«a»**b", "**«a»**b"),
        ("snake_名_case", "snake_名_case"),
        ("2 * 3 * 4，*", "2 * 3 * 4，*"),
    ],
)
def test_emphasis_next_to_punctuation_of_any_script(text: str, html: str):
    assert html_of(text) == f"<p>{html}</p>"


A = "https://a.example/b"


@pytest.mark.parametrize(
    "text",
    [
        f"请看{A}", f"{A}。谢谢大家", f"“{A}”", f"«{A}»", f"Source:{A}", f"「{A}」", f"（{A}）见", f"‘{A}’", f"„{A}“",
        f"网址：{A}，谢谢", f"ดู{A} ครับ", f"보기{A} 입니다", f"{A}、{A}"[: len(A) + 1], f"→{A}", f"={A}", f"Адрес:{A}",
        f"см.{A};",
        f"{A}！", f"{A}…", f"{A}——说明", f"({A})", f"[{A}]", f'"{A}"', f"'{A}'", f"_see {A}_", f"*{A}*",
        f"**{A}**", f"~~{A}~~",
        f"**_{A}_**", f"|{A}|", f"{A}?!", f"{A}&gt;", f"{A}😀", f"({A}", f"{A})and", f"{A}(see", f"{A}，请",
        f"ـ{A}؟", f"{A}،",
    ],
)  # fmt: skip
def test_url_is_linked_without_surrounding_text(text: str):
    assert links_in(text) == [(A, A)]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://zh.wikipedia.org/wiki/中文", "https://zh.wikipedia.org/wiki/中文"),
        ("https://ja.wikipedia.org/wiki/C言語。", "https://ja.wikipedia.org/wiki/C言語"),
        ("https://en.wikipedia.org/wiki/Michelson–Morley", "https://en.wikipedia.org/wiki/Michelson–Morley"),
        ("https://fr.wikipedia.org/wiki/Côte_d’Ivoire", "https://fr.wikipedia.org/wiki/Côte_d’Ivoire"),
        ("https://例え.テスト/道", "https://例え.テスト/道"),
        ("https://a.example에서 본", "https://a.example"),
        ("https://a.example谢谢", "https://a.example"),
        ("网站www.a.example/b。", "www.a.example/b"),
        ("https://a.example/b_(c)_(d(e))）", "https://a.example/b_(c)_(d(e))"),
        ("https://a.example/?q=1&copy=2", "https://a.example/?q=1&copy=2"),
    ],
)
def test_url_can_contain_letters_of_any_script(text: str, address: str):
    assert [words for words, _ in links_in(text)] == [address]


@pytest.mark.parametrize(
    "text", ["git+https://a.example/b", "xhttps://a.example", "a@www.a.example", "x.www.a.example", "https://",
    "`https://a.example`"]
)  # fmt: skip
def test_url_within_a_word_or_code_is_not_linked(text: str):
    assert links_in(text) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("謝謝@member", ["@member"]),
        ("@memberさん、ありがとう", ["@member"]),
        ("@member님", ["@member"]),
        ("감사합니다@member님께", ["@member"]),
        ("ขอบคุณ@memberครับ", ["@member"]),
        ("@小明你好", ["@小明"]),
        ("问@小明和@member吧", ["@小明", "@member"]),
        ("@小明、@member、@小明", ["@小明", "@member", "@小明"]),
        ("@김철수님", ["@김철수"]),
        ("@สมชายครับ", ["@สมชาย"]),
        ("@鐘楼さん", ["@鐘楼"]),
        ("「@member」", ["@member"]),
        ("a@member.example mail@member é@member Иван@member x-@member @member@a.example", []),
        ("@memberly @members 1@member @小明x@y.example", []),
    ],
)
def test_mentions_next_to_letters_of_any_script(text: str, names: list[str]):
    assert mentions_in(text) == names
