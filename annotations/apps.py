from django.apps import AppConfig


class AnnotationsConfig(AppConfig):
    name = "annotations"

    def ready(self) -> None:
        from corpus.dependents import register

        from .dependents import Marks

        register(Marks())
