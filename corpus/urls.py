from django.urls import path

from .views import collections, comparing, documents, health, importing

app_name = "corpus"

urlpatterns = [
    path("health/", health.health, name="health"),
    path("c/<slug:slug>/evidence/", comparing.evidence, name="evidence"),
    path("c/<slug:slug>/settings/", collections.collection_edit, name="collection_edit"),
    path("c/<slug:slug>/settings/people/", collections.member_add, name="member_add"),
    path("c/<slug:slug>/settings/people/<int:pk>/", collections.member_edit, name="member_edit"),
    path("c/<slug:slug>/import/", importing.import_documents, name="import_documents"),
    path("c/<slug:slug>/import/<int:pk>/", importing.batch, name="batch"),
    path("c/<slug:slug>/documents/<int:pk>/", documents.document, name="document"),
    path("c/<slug:slug>/documents/<int:pk>/edit/", documents.document_edit, name="document_edit"),
    path("c/<slug:slug>/documents/<int:pk>/original/", documents.original, name="original"),
]
