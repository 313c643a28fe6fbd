"""The sandbox: a small local LMS that speaks Moodle's web-service protocol and plays SCORM 1.2 in the browser.

It is for trying things out: it listens on 127.0.0.1 only, and logging in takes no password.
"""
