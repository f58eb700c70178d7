"""The base of allauth's forms: labels above the fields, no placeholders."""

from typing import TYPE_CHECKING, Any

from allauth.account.fields import PasswordField
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from core.web.preserved_input import Preserved

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

PASSWORD_HINT = _("At least 8 characters, not common, and not similar to your username.")
PASSWORD_MAX = 128
TOO_LONG = _("Use at most %(limit_value)d characters.")
CODE_HINT = _("Eight letters, such as BCDF-GHJK. Upper or lower case, with or without the dash.")

Texts = dict[str, "str | _StrPromise"]  # by field name


class BelfryForm(forms.Form):
    """Subclasses give `labels`, `hints` and the messages for `missing` values by field name. The field `password2` is
    removed, since browsers can show what is typed.

    Passwords have a maximum length in every form, because hashing a very long one takes long."""

    labels: Texts = {}
    hints: Texts = {}
    missing: Texts = {}
    preserved = Preserved(secret=("code", "credential"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, field.help_text)
            if name in self.missing:
                field.error_messages["required"] = self.missing[name]
            if isinstance(field, PasswordField):
                field.validators.append(MaxLengthValidator(PASSWORD_MAX, TOO_LONG))
