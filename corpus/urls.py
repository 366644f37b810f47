from django.urls import path

from .views import collections, comparing, documents, health, importing, life, people

app_name = "corpus"

urlpatterns = [
    path("health/", health.health, name="health"),
    path("c/<slug:slug>/evidence/", comparing.evidence, name="evidence"),
    path("c/<slug:slug>/settings/", collections.collection_edit, name="collection_edit"),
    path("c/<slug:slug>/settings/people/", collections.member_add, name="member_add"),
    path("c/<slug:slug>/settings/people/<int:pk>/", collections.member_edit, name="member_edit"),
    path("c/<slug:slug>/settings/people/<int:pk>/life/", life.member_life, name="member_life"),
    path("c/<slug:slug>/archive/", life.collection_archive, name="collection_archive"),
    path("c/<slug:slug>/delete/", life.collection_delete, name="collection_delete"),
    path("c/<slug:slug>/duplicate/", life.collection_duplicate, name="collection_duplicate"),
    path("c/<slug:slug>/leave/", life.collection_leave, name="collection_leave"),
    path("c/<slug:slug>/deleted/", life.deleted, name="deleted"),
    path("deleted/<slug:slug>/", life.collection_bring_back, name="collection_bring_back"),
    path("c/<slug:slug>/import/<int:pk>/compare/", importing.compare, name="batch_compare"),
    path("c/<slug:slug>/import/<int:pk>/undo/", life.batch_undo, name="batch_undo"),
    path("c/<slug:slug>/import/<int:pk>/archive/", life.batch_archive, name="batch_archive"),
    path(
        "c/<slug:slug>/import/<int:pk>/bring-back/", life.batch_bring_back, name="batch_bring_back"
    ),
    path("c/<slug:slug>/documents/away/", life.documents_away, name="documents_away"),
    path("c/<slug:slug>/documents/<int:pk>/delete/", life.document_delete, name="document_delete"),
    path(
        "c/<slug:slug>/documents/<int:pk>/archive/", life.document_archive, name="document_archive"
    ),
    path(
        "c/<slug:slug>/documents/<int:pk>/bring-back/",
        life.document_bring_back,
        name="document_bring_back",
    ),
    path("c/<slug:slug>/documents/<int:pk>/move/", life.document_move, name="document_move"),
    path("deleted/", life.collections_deleted, name="collections_deleted"),
    path("c/<slug:slug>/settings/people/<int:pk>/link/", people.member_link, name="member_link"),
    path("c/<slug:slug>/settings/log/", people.security_log, name="security_log"),
    path("c/<slug:slug>/import/", importing.import_documents, name="import_documents"),
    path("c/<slug:slug>/import/<int:pk>/", importing.batch, name="batch"),
    path("c/<slug:slug>/documents/<int:pk>/", documents.document, name="document"),
    path("c/<slug:slug>/documents/<int:pk>/edit/", documents.document_edit, name="document_edit"),
    path("c/<slug:slug>/documents/<int:pk>/original/", documents.original, name="original"),
]
