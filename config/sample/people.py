"""The members of the sample community."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    name: str
    about: str
    time_zone: str = ""
    role: str = "member"
    joined: int = 400  # days ago


PASSWORD = "belfry-demo"  # noqa: S105 - printed at every start in development, and never used in production
SIGN_IN = ("admin", "moderator", "member")  # the only accounts with a password

PEOPLE = (
    Person(
        "admin",
        "I look after the collector and the map. Write to me when a reading goes missing, not when it rains.",
        "America/New_York",
        "admin",
        joined=2100,
    ),
    Person(
        "moderator",
        "Here most evenings. A gauge on the shed, a second one on the roof, and they never agree.",
        "Europe/London",
        "moderator",
        joined=1780,
    ),
    Person(
        "member",
        "New to all this: one thermometer, one bucket, many questions.",
        "America/New_York",
        joined=44,
    ),
    Person(
        "Anneke",
        "Polder, three metres under the sea. *Somebody* has to write down the water.",
        "Europe/Amsterdam",
        joined=1611,
    ),
    Person(
        "Beatriz",
        "School roof station, read by the pupils of class 7b every morning at half past seven.",
        "America/Sao_Paulo",
        joined=803,
    ),
    Person("fjordwatcher", "If it says less than 5 mm, the gauge is blocked.", "Europe/Oslo", joined=1502),
    Person(
        "hazel-and-sons",
        "Orchard, 14 acres. We read frost for a living.",
        "America/Chicago",
        joined=951,
    ),
    Person(
        "kahu",
        "Ridge station above the bay. Wind mostly; the anemometer is the third of its name.",
        "Pacific/Auckland",
        joined=620,
    ),
    Person(
        "Ngozi",
        "Teaches physics, builds loggers from whatever is in the drawer.",
        "Africa/Lagos",
        joined=1204,
    ),
    Person("Ólafur", "Basalt, moss, sideways rain.", "Atlantic/Reykjavik", joined=377),
    Person(
        "quillon",
        "Retired from the harbour office. Keeps the logbook in ink as well, just to be sure.",
        "America/New_York",
        joined=1980,
    ),
    Person(
        "Rukmini",
        "Monsoon diary since 2011. My record is 212 mm in a day, and I hope it stands.",
        "Asia/Kolkata",
        joined=1333,
    ),
    Person(
        "tomasz_k",
        "Writes the [uploader](https://uploader.example.org/) that a third of you use. Sorry about version 2.",
        "Europe/Warsaw",
        joined=1450,
    ),
    Person("wen.li", "Balcony, eleventh floor. Rain arrives from below here.", "Asia/Singapore", joined=290),
    Person(
        "Yusuf", "Measures rain where there is none; somebody must hold the zero.", "Africa/Cairo", joined=515
    ),
    Person("Zeynep", "Snow stakes, soil probes, one very loud shutter.", "Europe/Istanbul", joined=702),
)

GROUPS = {"Map keepers": ("moderator", "Anneke", "Ngozi", "tomasz_k")}
