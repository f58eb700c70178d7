"""Belfry's manner of asking: a label above each field that says what it is, nothing grey inside it."""

from typing import Any

from allauth.account.fields import PasswordField
from django import forms
from django.core.validators import MaxLengthValidator

PASSWORD_HINT = "At least 8 characters, not one that everybody uses, and not like your name."  # noqa: S105
PASSWORD_MAX = 128
CODE_HINT = "Eight letters, such as BCDF-GHJK. Capitals and the dash do not matter."


class Plain(forms.Form):
    """Give the subclass by field its `labels`, its `hints`, and what to say where a value is `missing`. `password2`
    goes: a browser shows what is typed.

    A password is bounded wherever one is typed: hashing a book takes long, and is anybody's to ask for."""

    labels: dict[str, str] = {}
    hints: dict[str, str] = {}
    missing: dict[str, str] = {}

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
                field.validators.append(
                    MaxLengthValidator(PASSWORD_MAX, f"A password has at most {PASSWORD_MAX} characters.")
                )
