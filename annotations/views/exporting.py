from django.http import Http404, HttpResponse

from corpus.http import Request


def export(request: Request, slug: str, pk: int = 0) -> HttpResponse:
    raise Http404
