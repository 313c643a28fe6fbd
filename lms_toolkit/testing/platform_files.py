"""The part of the platforms' contract that is about files in learners' areas, for platforms that have such areas."""

from __future__ import annotations

from pathlib import Path

import pytest

from lms_toolkit.errors import Refused
from lms_toolkit.interfaces import NO_DELIVERY, Platform
from lms_toolkit.model import Enrolment, EnrolOptions, SiteCourse
from lms_toolkit.testing.declared import new_user

NAME = "certificate-7K3M-Q2XF-9ABC.pdf"


class FilesContract:
    """Inherited by `PlatformContract`, which has the fixtures."""

    def test_a_learner_is_given_a_file_once_until_it_is_another_one_or_goes(
        self, platform: Platform, course: SiteCourse, tmp_path: Path
    ) -> None:
        (enrolled,) = platform.enrol(course.ref, [new_user()], create=True)
        ref = enrolled.user.ref
        path = tmp_path / "made.pdf"
        path.write_bytes(b"%PDF-1.7 first")
        _skip_unless_delivered(platform, course, ref)

        assert platform.deliver_file(course.ref, ref, NAME, path) == "created"
        assert platform.deliver_file(course.ref, ref, NAME, path) == "unchanged"
        path.write_bytes(b"%PDF-1.7 second")
        assert platform.deliver_file(course.ref, ref, NAME, path) == "updated"

        platform.withdraw(course.ref, [Enrolment(enrolled.user)], EnrolOptions())
        assert platform.remove_file(course.ref, ref, NAME) == "removed"
        assert platform.remove_file(course.ref, ref, NAME) == "unchanged"

    def test_nobody_is_given_a_file_for_a_course_they_are_not_in(
        self, platform: Platform, course: SiteCourse, tmp_path: Path
    ) -> None:
        path = tmp_path / "made.pdf"
        path.write_bytes(b"%PDF-1.7 first")
        _skip_unless_delivered(platform, course, "987654321")

        with pytest.raises(Refused) as caught:
            platform.deliver_file(course.ref, "987654321", NAME, path)
        assert caught.value.errorcode == "notenrolled"


def _skip_unless_delivered(platform: Platform, course: SiteCourse, user_ref: str) -> None:
    """Removing what is not there asks whether there is such an area, and does nothing."""
    try:
        assert platform.remove_file(course.ref, user_ref, NAME) == "unchanged"
    except Refused as error:
        if error.errorcode != NO_DELIVERY:
            raise
        pytest.skip("this platform gives learners no files")
