from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts.auth.form_base import BelfryForm
        from accounts.auth.sign_in_forms import SignupForm
        from accounts.community_rules.forms import PageForm, RulesForm
        from accounts.directory.forms import RoleForm
        from accounts.profile.forms import SettingsForm
        from core.web import preserved_input

        preserved_input.register(BelfryForm, SignupForm, RulesForm, PageForm, RoleForm, SettingsForm)
