"""What undoes each action on a member. moderation/log/undo.py checks who can undo it, and when."""

from moderation.members.remove_all_posts import undo_remove_all_posts
from moderation.members.sanction import undo_lift_sanction, undo_sanction

UNDO_MEMBER_ACTIONS = {
    "warn_member": undo_sanction,
    "silence_member": undo_sanction,
    "suspend_member": undo_sanction,
    "lift_sanction": undo_lift_sanction,
    "remove_everything": undo_remove_all_posts,
}
