"""Work in the background: the queue in the database, and the processes that take from it.

What is to be done are django.tasks of the other rooms, which can be done twice without harm: a task
whose process was killed begins again. This room knows none of them.
"""
