"""`python -m literate`: see literate/check/command.py."""

import sys

from literate.check.command import main

sys.exit(main())
