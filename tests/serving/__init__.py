"""A server as people start it, asked by sockets of our own, which need not behave."""
