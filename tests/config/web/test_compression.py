"""Pages of members are compressed, and their length reveals nothing."""

import gzip

import pytest

from config.web import compression

pytestmark = pytest.mark.django_db


def test_member_page_is_compressed(topic, ada, sign_in):
    client = sign_in(ada)
    plain = client.get("/")
    packed = client.get("/", headers={"accept-encoding": "br;q=1, gzip;q=0.8"})
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert "Accept-Encoding" in plain["Vary"]
    assert "Content-Encoding" not in plain
    assert b"Slow search" in gzip.decompress(packed.content)
    assert len(packed.content) < len(plain.content) / 2


@pytest.mark.parametrize("accept_encoding", ["", "br", "gzip;q=0", "gzip; q=0.0, br", "xgzipx"])
def test_page_is_not_compressed_without_gzip_support(ada, sign_in, accept_encoding):
    assert "Content-Encoding" not in sign_in(ada).get("/", headers={"accept-encoding": accept_encoding})


def test_guest_page_is_left_uncompressed_for_page_cache(topic, guest):
    assert "Content-Encoding" not in guest.get("/", headers={"accept-encoding": "gzip"})


def test_compressed_length_is_randomly_padded():
    lengths = {len(compression.compressed(b"The same. " * 100)) for _ in range(50)}
    assert len(lengths) > 5
    assert max(lengths) - min(lengths) < compression.PADDING_MOST
    assert gzip.decompress(compression.compressed(b"The same.")) == b"The same."
