"""A page as its reader sees it: by CSS selectors, as text with normalized white space."""

from bs4 import BeautifulSoup, Tag
from django.http import HttpResponse
from django.test import Client


class Page:
    def __init__(self, source: HttpResponse | str | Tag) -> None:
        if isinstance(source, HttpResponse):
            source = source.text
        self.root = source if isinstance(source, Tag) else BeautifulSoup(source, "html.parser")

    def all(self, selector: str) -> list["Page"]:
        return [Page(found) for found in self.root.select(selector)]

    def one(self, selector: str) -> "Page":
        """Returns the only match; any other number is an error."""
        (found,) = self.root.select(selector)
        return Page(found)

    def has(self, selector: str) -> bool:
        return self.root.select_one(selector) is not None

    def texts(self, selector: str) -> list[str]:
        return [found.text for found in self.all(selector)]

    @property
    def text(self) -> str:
        return " ".join(self.root.get_text().split())

    def __getitem__(self, attribute: str) -> str:
        return self.root[attribute]

    @property
    def acts(self) -> set[str]:
        """Returns what can be done here: the `data-act` of every button and link."""
        return {found["data-act"] for found in self.root.select("[data-act]")}


def get_html(client: Client, address: str) -> str:
    """Returns the page at this address. Fails unless its status is 200."""
    response = client.get(address)
    assert response.status_code == 200, address
    return response.text
