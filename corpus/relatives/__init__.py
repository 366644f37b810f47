"""Which documents share text: the pairs worth comparing, what holds between them, their stories."""
