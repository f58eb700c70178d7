"""Forms to upload a profile picture, and for staff to remove one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models.log_entry import REASON_MAX


class PictureForm(forms.Form):
    picture = forms.FileField(
        label=_("New picture"),
        help_text=_("PNG, JPEG, WebP or GIF, up to 10 MB. It’s cropped to a circle."),
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,.webp,.gif"}),
        max_length=1_000,
        error_messages={"required": _("Choose a picture."), "empty": _("This file is empty.")},
    )


class RemovePictureForm(forms.Form):
    why = forms.CharField(
        label=_("Reason"),
        max_length=REASON_MAX,
        error_messages={"required": _("Please give a reason.")},
        help_text=_("Recorded in the log, which staff can read."),
    )
