"""Ready pages in front of the application, and the number that makes them stale.

Every transaction that changes something public raises the content generation in the same commit (``purge.py``). A ready page
remembers the generation it was rendered under and is served only while that is still the present one (``serving.py``), so a page
is never older than the last commit.

It is kept in memory (``store.py``) and on disk (``shelf.py``), from where other workers and those that start later take it. A visitor's
connection asks for it before anything else (``front.py``, ``heads.py``); ``keys.py`` says which requests mean the same page.
"""
