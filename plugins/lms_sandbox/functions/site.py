"""core_webservice_get_site_info: who we are, and what we may call."""

from __future__ import annotations

from typing import Any

from lms_sandbox.functions.function import Call, Function
from lms_sandbox.params import Fields, ListOf, Value
from lms_toolkit import __version__

SITE_NAME = "Sandbox"
MOODLE_VERSION = "2024100700"
"""The Moodle whose protocol is spoken here."""


def get_site_info(call: Call, serviceshortnames: list[str]) -> dict[str, Any]:
    user = call.db.execute("SELECT * FROM users WHERE id = ?", (call.user_id,)).fetchone()
    return {
        "sitename": SITE_NAME,
        "username": user["username"],
        "firstname": user["firstname"],
        "lastname": user["lastname"],
        "fullname": f"{user['firstname']} {user['lastname']}",
        "lang": "en",
        "userid": user["id"],
        "siteurl": call.site_url,
        "userpictureurl": f"{call.site_url}/static/user.svg",
        "functions": [{"name": name, "version": MOODLE_VERSION} for name in call.functions],
        "downloadfiles": 0,
        "uploadfiles": 1,
        "release": f"sandbox {__version__} (speaks as Moodle 4.5)",
        "version": MOODLE_VERSION,
        "usercanmanageownfiles": True,
        "userquota": 0,
        "usermaxuploadfilesize": call.limits.max_upload_bytes,
        "userhomepage": 1,
        "siteid": 1,
        "sitecalendartype": "gregorian",
        "usercalendartype": "gregorian",
        "userissiteadmin": False,
        "theme": "sandbox",
        "policyagreed": 1,
    }


FUNCTIONS = (
    Function(
        "core_webservice_get_site_info",
        Fields({"serviceshortnames": ListOf(Value("alphanumext"), default=[])}),
        get_site_info,
    ),
)
