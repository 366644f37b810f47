from django.urls import path

from .views import collections, comparing

app_name = "corpus"

urlpatterns = [
    path("c/<slug:slug>/evidence/", comparing.evidence, name="evidence"),
    path("new/", collections.collection_new, name="collection_new"),
    path("c/<slug:slug>/settings/", collections.collection_edit, name="collection_edit"),
    path("c/<slug:slug>/settings/people/", collections.member_add, name="member_add"),
    path("c/<slug:slug>/settings/people/<int:pk>/", collections.member_edit, name="member_edit"),
]
