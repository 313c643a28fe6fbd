"""Reports on an edition: how far everybody is, who is at risk and why, what the questions are worth, what was issued.

report = gather(course, edition, deployment, store, plugins, at)
text = report_html(report)
"""

from lms_toolkit.reporting.figures import Report
from lms_toolkit.reporting.gathering import INACTIVE_DAYS, gather
from lms_toolkit.reporting.page import report_html

__all__ = ["INACTIVE_DAYS", "Report", "gather", "report_html"]
