"""For plugin authors: contracts to inherit, so that your plugin is held to what ours are held to. Needs pytest.

    class TestMyFormat(FormatContract):
        format_class = MyFormat

Nothing outside tests imports this package.
"""

from lms_toolkit.testing.formats import FormatContract
from lms_toolkit.testing.packages import TinyPackage, tiny_ims_cp, tiny_scorm12, tiny_scorm2004
from lms_toolkit.testing.platforms import PlatformContract, Play

__all__ = ["FormatContract", "PlatformContract", "Play", "TinyPackage", "tiny_ims_cp", "tiny_scorm12", "tiny_scorm2004"]
