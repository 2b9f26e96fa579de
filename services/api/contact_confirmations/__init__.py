"""Schools confirm once a year that their contacts are right."""
