"""What schools are known by in an academic year, all but their results.

A statement reads each dataset, at most one row for a school and a year:

* A date is of the academic year it falls in, which turns on 1 September.
* Staff: the profile of the latest date within the year.
* Climate: of each component and each group of respondents the latest survey of the
  year, all groups together.
* Satisfaction is kept by calendar year: an academic year takes that in which it ends,
  which has eight of its months and its results.
* Resources: the state each item was last given, in that year, before it or undated.
* No row of vacancies means none where the staff of the year is known; else unknown.
* A sum with an unknown part is unknown.
"""

from services.scoring.repository.facts.reading import read_facts

__all__ = ["read_facts"]
