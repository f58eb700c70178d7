"""The description of a backup, stored in it as JSON."""

import json
from dataclasses import asdict, dataclass

FORMAT = 1  # raise it when an older Belfry could not read the new format


@dataclass(frozen=True)
class Part:
    """A range of bytes within a backup."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class SavedTable:
    name: str
    columns: list[str]
    rows: int
    part: Part


@dataclass(frozen=True)
class SavedPage:
    """A page as a guest saw it when the backup was made."""

    address: str
    sha256: str


@dataclass(frozen=True)
class Manifest:
    format: int
    made_at: str
    belfry: str
    postgresql: str
    migrations: list[tuple[str, str]]
    tables: list[SavedTable]
    sequences: dict[str, int]
    attachments: Part | None
    look: str
    pages: list[SavedPage]

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Manifest":
        fields = json.loads(text)
        fields["migrations"] = [(app, name) for app, name in fields["migrations"]]
        fields["tables"] = [
            SavedTable(**{**table, "part": Part(**table["part"])}) for table in fields["tables"]
        ]
        fields["attachments"] = Part(**fields["attachments"]) if fields["attachments"] else None
        fields["pages"] = [SavedPage(**page) for page in fields["pages"]]
        return cls(**fields)
