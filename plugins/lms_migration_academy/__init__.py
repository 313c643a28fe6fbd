"""Migration Academy: the course on labour migration with electives and a simulation, in English and French."""
