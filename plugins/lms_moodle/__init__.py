"""Moodle: deploys courses to a Moodle site, enrols learners there and reads what they achieved."""
