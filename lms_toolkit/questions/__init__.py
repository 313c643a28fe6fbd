"""Brings questions in from GIFT, Moodle XML and Aiken, and takes them out to GIFT and Moodle XML."""
