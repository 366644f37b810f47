from typing import Any

from django import forms
from django.contrib.auth import get_user_model

from .models import Collection, Membership, Role


class CollectionForm(forms.ModelForm):
    class Meta:
        model = Collection
        fields = ["name", "description", "blind"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}


class MemberForm(forms.ModelForm):
    """Take somebody who has an account into a collection, by name."""

    username = forms.CharField(label="Name they sign in with", max_length=150)
    field_order = ["username", "role"]

    class Meta:
        model = Membership
        fields = ["role"]

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"]
        person = get_user_model().objects.filter(username=name, is_active=True).first()
        if person is None:
            raise forms.ValidationError(f"Nobody here signs in as {name}.", code="unknown")
        if Membership.objects.filter(collection=self.instance.collection, user=person).exists():
            raise forms.ValidationError(f"{name} is in this collection already.", code="twice")
        self.instance.user = person
        return name


class RoleForm(forms.ModelForm):
    class Meta:
        model = Membership
        fields = ["role"]

    def clean_role(self) -> Any:
        role = self.cleaned_data["role"]
        if role != Role.OWNER and is_last_owner(self.instance):
            raise forms.ValidationError("A collection keeps at least one owner.", code="last")
        return role


def is_last_owner(membership: Membership) -> bool:
    owners = Membership.objects.filter(collection=membership.collection_id, role=Role.OWNER)
    return not owners.exclude(pk=membership.pk).exists()
