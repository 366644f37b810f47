from django import forms
from django.contrib.auth.models import User


class NameForm(forms.ModelForm):
    """How a person is called; the name they sign in with stays."""

    password = forms.CharField(
        label="Your password",
        required=False,
        strip=False,
        max_length=1000,
        help_text="Needed for another mail address: who reads that mail can get into your account.",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    class Meta:
        model = User
        fields = ["first_name", "last_name", "email"]
        labels = {"email": "Mail address"}
        help_texts = {"email": "For a link to a new password, where the site sends mail."}
