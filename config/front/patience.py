"""How long the server waits for whom."""

import os

# What a connection may take to send its first lines, and how long it may be silent in its body.
SLOW = float(os.environ.get("COPYTASTER_SLOW_SECONDS") or 10)
# How long a reader may take for a piece of an answer, and how long its connection may stand still.
STALLED = 1.5 * SLOW
UNREAD = 3 * SLOW

FOR_A_THREAD = 20.0
FOR_AN_ANSWER = 120.0
