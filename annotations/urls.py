from django.urls import path

from .views import claims, codebook, container, exporting, reader

app_name = "annotations"

urlpatterns = [
    path("c/<slug:slug>/read/", reader.reader, name="reader"),
    path("c/<slug:slug>/claims/", claims.claims, name="claims"),
    path("c/<slug:slug>/claims/<int:pk>/", claims.claim, name="claim"),
    path("c/<slug:slug>/codebook/", codebook.codebook, name="codebook"),
    path("c/<slug:slug>/export/", exporting.export, name="export"),
    path("c/<slug:slug>/export/download/", exporting.export_download, name="export_download"),
    path("c/<slug:slug>/annotations/", container.container, name="container"),
    path("annotations/<uuid:pk>", container.annotation, name="annotation"),
]
