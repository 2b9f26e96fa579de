"""Benchmarks: what a figure is measured against runs beside it, in the same run.

Absolute figures of a shared machine say little, ratios hold: so every module measures
its subject and a plain way of doing the same, in turns, and gives the ratio a floor.

A module `benches/<name>.py` that has `async def run(bench: Bench) -> list[Measure]` is
found by `python -m benches` by itself. It gets a database of its own, migrated and
loaded with both programmes and the demonstration (`bench.database_url`, whose user may
do anything), the address of a Valkey, a folder for its files, and `bench.serving_api()`
and `bench.serving(...)` for processes that it measures. What it returns is printed in
order, and with `--write` appended to docs/benchmarks.md. Names choose modules:
`python -m benches reads`.
"""
