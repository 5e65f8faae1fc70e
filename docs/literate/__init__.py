"""The engine between a program, the pages about it and their tests.

Data flows one way: a Program (program.py) is run by a Page's blocks (page.py) in a Session (session.py); the site
(extension.py), the tests (testing.py) and the notebook (notebook.py) show, check and convert the same blocks.
`python -m literate` (__main__.py) plays pages (play.py) to say what is wrong with them, and mends their outputs
(mend.py).
"""
