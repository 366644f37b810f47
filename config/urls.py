from allauth.account import views as accounts
from django.contrib import admin
from django.urls import include, path, re_path

from annotations.views import exporting, history, library, reader
from corpus.views import people

# One door: whoever comes to the administration signs in where all do, and is counted there.
admin.site.login = people.admin_login  # type: ignore[method-assign]
admin.site.password_change = people.admin_password_change  # type: ignore[assignment, method-assign]

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
    path("sign-in/", people.sign_in, name="login"),
    path("sign-out/", accounts.logout, name="logout"),
    path("account/", people.account, name="account"),
    path("account/sessions/end/", people.sessions_end, name="account_sessions_end"),
    path("account/password/", people.password_change, name="account_change_password"),
    path("account/password/set/", people.password_set, name="account_set_password"),
    path("account/password/forgotten/", people.password_forgotten, name="account_reset_password"),
    path(
        "account/password/sent/", accounts.password_reset_done, name="account_reset_password_done"
    ),
    re_path(
        r"^account/password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        accounts.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/done/",
        accounts.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    # The names by which allauth knows the pages above.
    path("sign-in/", people.sign_in, name="account_login"),
    path("sign-out/", accounts.logout, name="account_logout"),
    path("account/inactive/", accounts.account_inactive, name="account_inactive"),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.broken"
