class KeepingError(Exception):
    """Why a backup was not made or not brought back, in words for the person who asked."""
