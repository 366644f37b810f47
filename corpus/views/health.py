from dataclasses import asdict

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from corpus.keeping.health import examine


@require_safe
@never_cache
@login_not_required
def health(request: HttpRequest) -> JsonResponse:
    """For monitors: 200 where all is well, 503 where not, with a word for each part."""
    found = examine()
    state = "ok" if found.good else "failing"
    return JsonResponse({"status": state} | asdict(found), status=200 if found.good else 503)
