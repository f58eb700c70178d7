"""What templates see of the reader while a page is rendered for all readers with the same rights."""

from dataclasses import dataclass

from core.web.page_slots import slot


@dataclass(frozen=True)
class OpenReader:
    """A stand-in for every reader with the same rights: what templates can use of `user` while slots are open."""

    is_authenticated: bool
    is_staff: bool
    is_admin: bool
    is_suspended: bool
    time_zone: str  # a slot, or empty for those who have chosen none

    name = slot("name")

    def get_absolute_url(self) -> str:
        return slot("profile")
