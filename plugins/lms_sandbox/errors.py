"""What the sandbox says when it says no: the exception, error code and message Moodle would send."""

from __future__ import annotations


class Refusal(Exception):
    """An answer that is an error. Moodle sends these with HTTP 200."""

    exception = "core\\exception\\moodle_exception"

    def __init__(self, errorcode: str, message: str) -> None:
        super().__init__(message)
        self.errorcode = errorcode

    def as_rest(self) -> dict[str, str]:
        """The shape of webservice/rest/server.php."""
        return {"exception": self.exception, "errorcode": self.errorcode, "message": str(self)}

    def as_upload(self) -> dict[str, str | None]:
        """The shape of webservice/upload.php, which differs."""
        nothing = dict.fromkeys(("stacktrace", "debuginfo", "reproductionlink"))
        return {"error": str(self), "errorcode": self.errorcode, **nothing}


class InvalidParameter(Refusal):
    """A parameter is unknown, missing or of the wrong type; `detail` shows as on a Moodle with debugging on."""

    exception = "core\\exception\\invalid_parameter_exception"

    def __init__(self, detail: str) -> None:
        super().__init__("invalidparameter", f"Invalid parameter value detected ({detail})")
        self.detail = detail


class AccessRefused(Refusal):
    exception = "webservice_access_exception"

    def __init__(self, detail: str) -> None:
        super().__init__("accessexception", f"Access control exception ({detail})")


class MissingRecord(Refusal):
    exception = "dml_missing_record_exception"

    def __init__(self, table: str, errorcode: str = "invalidrecord") -> None:
        super().__init__(errorcode, f"Can't find data record in database table {table}.")


def payload_invalid(detail: str) -> Refusal:
    """The companion's own refusal of a payload."""
    return Refusal("payloadinvalid", f"The payload is not valid: {detail}")
