"""What a password has to be like."""

from shared.domain.errors import Fault, Text

SHORTEST = 12  # characters

# Of the lists of leaked passwords, those that are long enough for the rule above, and
# what people here would think of first.
COMMONEST = frozenset(
    {
        "123456789012",
        "1234567890123",
        "12345678901234",
        "123456789123",
        "1234567891011",
        "123123123123",
        "123321123321",
        "111111111111",
        "000000000000",
        "112233445566",
        "1q2w3e4r5t6y",
        "1q2w3e4r5t6y7u",
        "q1w2e3r4t5y6",
        "1qaz2wsx3edc",
        "1qaz2wsx3edc4rfv",
        "qwertyuiop[]",
        "qwertyuiop12",
        "qwertyuiop123",
        "qwerty123456",
        "qwerty1234567",
        "qwertyqwerty",
        "qwerty12345678",
        "qazwsxedcrfv",
        "asdfghjkl123",
        "zxcvbnm12345",
        "abcdefghijkl",
        "abc123456789",
        "password1234",
        "password12345",
        "password123456",
        "passwordpassword",
        "mypassword123",
        "administrator",
        "administrator1",
        "admin1234567",
        "admin123456789",
        "iloveyou1234",
        "letmein12345",
        "welcome12345",
        "changeme1234",
        "correcthorsebatterystaple",
        "йцукенгшщзхъ",
        "йцукен123456",
        "пароль123456",
        "парольпароль",
        "администратор",
        "shkola123456",
        "школа1234567",
        "учитель12345",
        "директор1234",
    }
)


def password_faults(password: str, *, login: str) -> list[Fault]:
    """Return what is wrong with a new password, none if it will do.

    The password itself is in none of the faults.
    """
    known = password.casefold()
    reasons = []
    if len(password) < SHORTEST:
        reasons.append(
            Text(f"короче {SHORTEST} знаков", f"shorter than {SHORTEST} characters")
        )
    if known == login.strip().casefold():
        reasons.append(Text("совпадает с логином", "the same as the login"))
    if known in COMMONEST or len(set(known)) == 1:
        reasons.append(
            Text("один из самых частых паролей", "one of the commonest passwords")
        )
    return [Fault(column="password", reason=reason) for reason in reasons]
