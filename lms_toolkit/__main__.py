"""`python -m lms_toolkit` is `lms-toolkit`."""

import sys

from lms_toolkit.cli import main

sys.exit(main())
