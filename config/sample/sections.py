"""The sections of the sample community, in order."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class SectionPlan:
    name: str
    description: str
    read_by: str = "everyone"
    start_by: str = "members"
    reply_by: str = "members"
    groups: tuple[str, ...] = field(default=())  # these get every permission that is granted to groups
    archived: bool = False


SECTIONS = (
    SectionPlan(
        "Announcements",
        "What changes at the collector and on the map. Staff start topics, everyone can reply.",
        start_by="staff",
    ),
    SectionPlan("Readings", "What your station says, and what the sky did about it."),
    SectionPlan("Instruments", "Gauges, screens, masts, and where to put them."),
    SectionPlan("Software", "Loggers, uploaders, scripts. Please show the *exact* message that you get."),
    SectionPlan(
        "By the stove", "Everything else. Members only: guests do not see this room.", read_by="members"
    ),
    SectionPlan(
        "Map room",
        "For those who keep the map: doubtful stations, borders, colours.",
        read_by="groups",
        start_by="groups",
        reply_by="groups",
        groups=("Map keepers",),
    ),
    SectionPlan(
        "Staff room", "Between moderators and admins.", read_by="staff", start_by="staff", reply_by="staff"
    ),
    SectionPlan("The first collector", "Talk about the old machine, kept to be read.", archived=True),
)
