"""What undoes each action on a member. moderation/log/undo.py checks who can undo it, and when."""

from moderation.members import remove_all_posts as clearing, sanction as sanctioning

UNDO_MEMBER_ACTIONS = {
    "warn_member": sanctioning.undo_sanction,
    "silence_member": sanctioning.undo_sanction,
    "suspend_member": sanctioning.undo_sanction,
    "lift_sanction": sanctioning.undo_lift_sanction,
    "remove_everything": clearing.undo_remove_all_posts,
}
