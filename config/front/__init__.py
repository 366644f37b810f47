"""What stands between the connections and Django: nobody's slowness or size holds a thread.

Bodies are read, and answers are sent, by the loop and with deadlines; a thread runs a request only
when all of it is here, and leaves it when its answer is made. Who gets a thread is decided so that
no person, and no crowd of strangers, has all of them.
"""
