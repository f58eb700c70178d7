"""What is cached in memory stays within its bound."""

from forum.web.lru_cache import LruCache


def shelf() -> LruCache[str]:
    return LruCache(most=10, size_of=len)


def test_what_was_used_last_stays():
    kept = shelf()
    for key in "abc":
        kept.put(key, key * 3)
    assert kept.get("a") == "aaa"
    kept.put("d", "ddd")
    assert [kept.get(key) for key in "abcd"] == ["aaa", None, "ccc", "ddd"]
    assert kept.size == 9


def test_the_same_again_counts_once():
    kept = shelf()
    for _ in range(9):
        kept.put("a", "aaaa")
    assert kept.size == 4


def test_one_that_is_too_large_stays_alone():
    kept = shelf()
    kept.put("a", "aaa")
    assert kept.put("b", "b" * 99) == "b" * 99
    assert kept.get("a") is None
    kept.clear()
    assert (kept.get("b"), kept.size) == (None, 0)
