from django.http import HttpResponse
from django.shortcuts import render

from corpus.http import Request


def home(request: Request) -> HttpResponse:
    return render(request, "annotations/home.html")


def collection(request: Request, slug: str) -> HttpResponse:
    return render(request, "annotations/collection.html")
