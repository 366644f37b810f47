from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path

from annotations.views import exporting, history, library, reader

# The front pages show what both apps know, so they belong to the site: `home`, `collection`,
# `reader`, `export` and `history` are the names by which either app may link to them.
urlpatterns = [
    path("", library.home, name="home"),
    path("new/", library.collection_new, name="collection_new"),
    path("c/<slug:slug>/", library.collection, name="collection"),
    path("", include("corpus.urls")),
    path("", include("annotations.urls")),
    # The same pages as annotations:reader and so on, by names that corpus pages may use.
    path("c/<slug:slug>/read/", reader.reader, name="reader"),
    path("c/<slug:slug>/export/", exporting.export, name="export"),
    path("c/<slug:slug>/history/", history.history, name="history"),
    path("admin/", admin.site.urls),
    path("sign-in/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("sign-out/", auth.LogoutView.as_view(), name="logout"),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.broken"
