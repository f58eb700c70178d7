"""Which texts are only thanks: the rule, by example. In doubt they are not."""

import pytest
from hypothesis import given, strategies as st

from forum.thanks.detector import LONGEST, is_only_thanks

ONLY_THANKS = [
    "Thanks for the info, RD.",
    "Thanks RD - much appreciated ;)",
    "Thanks for the update!",
    "Thank you for all your hard work!",
    "Thanks RD!",
    "THANKS!!!",
    "thx :)",
    "ty",
    "Much appreciated",
    "thanks everyone",
    "Thank you 🙏🏽❤️",
    "**Thanks** so much!",
    "_Thank you_ both",
    "Thanks @tomasz_k!",
    "Thanks Chris and Haim <3",
    "Thank you. We really appreciate it.",
    "I really appreciate it!",
    "Great job, thanks!",
    "Thanks again! Great work, guys!",
    "Thank you, you’re the best!",
    "Thanks for letting us know.",
    "thank you all, as always",
    "Thanks for the clear answer, very much appreciated ;)",
    "Danke!",
    "Vielen Dank für die schnelle Hilfe, Anneke!",
    "Herzlichen Dank an alle!",
    "Merci beaucoup à tous",
    "¡Muchas gracias por la ayuda!",
    "Grazie mille!",
    "Muito obrigado",
    "Dank je wel, Anneke",
    "Dziękuję bardzo",
    "Большое спасибо!",
    "Tack så mycket",
    "Tusen takk",
    "Çok teşekkürler",
    "ありがとうございます！",
    "谢谢",
    "감사합니다",
]
MORE_THAN_THANKS = [
    # From the seed conversation
    "Thanks for the info Chris! Sounds like an awful way to spend a beautiful Sunday.",
    "Thanks so much for the info. We appreciate it. Wishing you the best in getting everything squared away. : )",
    "very interesting read. hope you guys all got some well-deserved rest yesterday and today! best of luck with"
    " what's next. ;)",
    # Asks, wants, reports, contradicts
    "Thanks?",
    "Thanks! When will it be back?",
    "Appreciate an update",
    "Please update. Thanks",
    "Thanks, but it still fails.",
    "Thanks. Down again.",
    "Broken again, thanks.",
    "Thanks everyone, mine works now",
    "Thank you for the fix, mine came back an hour ago",
    "Thanks, I know.",
    "Thanks. It was all work for me.",
    "No thanks",
    "NO THANKS",
    "Thanks a lot, NOT",
    "Thanks for nothing",
    "danke, aber es geht nicht",
    "Nein danke",
    "Dank der Hilfe",
    # Links, quotes, counts, shows
    "thanks https://example.org",
    "[thanks](x)",
    "> quote\n\nThanks",
    "Thanks\n\n![x](y)",
    "Thanks, see #5",
    "Thanks 123",
    "+1 thanks",
    "`thanks`",
    "| thanks |",
    # Does not thank
    "Great",
    "Good work",
    "Ada",
    "@ada",
    "!!!",
    "🙏",
    "",
    "   ",
    # Unknown names
    "Thanks fjordwatcher",
    "Thanks Ada Ben Cleo Mia Noor",
    "Thank you\nAda",
    # Not short
    "thanks " * 40,
]


@pytest.mark.parametrize("text", ONLY_THANKS)
def test_thanks_only_text_is_detected(text):
    assert is_only_thanks(text)


@pytest.mark.parametrize("text", MORE_THAN_THANKS)
def test_text_with_more_than_thanks_is_not_detected(text):
    assert not is_only_thanks(text)


@pytest.mark.parametrize(
    "more", ["?", " 7", " https://x.org", " `x`", " > no", "\n> no", " but why", " #3", " [x](y)"]
)
@pytest.mark.parametrize("text", ONLY_THANKS[:12])
def test_any_addition_makes_text_more_than_thanks(text, more):
    assert not is_only_thanks(text + more)


@given(st.text(max_size=300))
def test_any_text_is_classified_without_error(text):
    assert is_only_thanks(text) in (True, False)


def test_text_longer_than_limit_is_not_detected():
    assert is_only_thanks("thanks " + "so " * ((LONGEST - 7) // 3))
    assert not is_only_thanks("thanks " + "so " * LONGEST)
