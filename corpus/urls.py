from django.urls import URLPattern, path

app_name = "corpus"

urlpatterns: list[URLPattern] = []
