"""Static files under names that change with their content, imports between modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    # Else a browser would run new modules beside old ones for a while after an upgrade.
    support_js_module_import_aggregation = True
