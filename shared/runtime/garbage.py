"""How often a service looks for garbage among its objects."""

import gc

COLLECTED_AFTER = (10_000, 20, 20)


def collect_rarely() -> None:
    """Leave what has been loaded alone, and look through what is new less often.

    A large file, or the reminders of a day, are hundreds of thousands of objects, none
    of which is garbage while it lasts: looking through them, and through all modules,
    again and again takes up to a third of the time. To be called once, when the
    service is loaded.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)
