"""What races of files refer to, as in the tests of mentoring."""

from tests.api.mentoring.conftest import places

__all__ = ["places"]
