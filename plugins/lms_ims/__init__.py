"""IMS formats: Content Packaging, Common Cartridge, and the Moodle question bank that goes with them."""
