"""What a staff password must be, and how it is kept. Used by invitations, the command line and, through ``web.signin``, by resets."""

import unicodedata

from argon2 import PasswordHasher

SHORTEST = 10
LONGEST = 200
TIME_COST, MEMORY_KIB, LANES = 2, 19 * 1024, 1
"""Argon2id as OWASP's cheat sheet has it: about 30 ms and 19 MiB a try."""

_COMMON = """
    1234567890 12345678910 0123456789 0987654321 9876543210 1111111111 0000000000 1234512345 1122334455 1q2w3e4r5t
    1qaz2wsx3edc qwertyuiop qwerty1234 qwerty12345 qwertyqwerty asdfghjkl; asdfghjkl1 asdfasdfasdf zxcvbnm123 abcdefghij
    abcd123456 abc1234567 password12 password123 password1234 passwordpassword passw0rd12 passw0rd123 p@ssword123
    p@ssw0rd123 letmein123 letmein1234 iloveyou12 iloveyou123 sunshine123 princess123 football123 baseball123 superman123
    welcome123 welcome1234 administrator admin12345 admin123456 adminadmin changeme123 changeme1234 secret1234
    secretsecret trustno1trustno1 monkey1234 dragon1234 master1234 whatever123 starwars123 computer123 internet123
    michael123 jennifer123 hello12345 helloworld helloworld1 testtest123 test123456 default123 temp123456 astronomy1
    astronomy123 perijove123
"""
COMMON = frozenset(_COMMON.split())


def faults(password: str, name: str = "", email: str = "") -> list[str]:
    """One sentence for each thing wrong with ``password``; empty when it may be used."""
    plain = normalise(password).casefold().strip()
    if len(plain) < SHORTEST:
        return [f"Use at least {SHORTEST} characters. Three or four words in a row make a good password."]
    if len(password) > LONGEST:
        return [f"Use at most {LONGEST} characters."]
    if plain in COMMON or len(set(plain)) < 4:
        return ["That password is one of the first that anybody would try. Pick another."]
    if plain in _of_the_person(name, email):
        return ["That is your own name or address. Pick something that others cannot know."]
    return []


def hashed(password: str) -> str:
    """The Argon2id line to keep; takes some 30 ms, so never inside a transaction."""
    return PasswordHasher(TIME_COST, MEMORY_KIB, LANES).hash(normalise(password))


def normalise(password: str) -> str:
    """The same letters however a keyboard composed them (NFKD, as Flask-Security compares them)."""
    return unicodedata.normalize("NFKD", password)


def _of_the_person(name: str, email: str) -> set[str]:
    said = {name, name.replace(" ", ""), email, email.partition("@")[0]}
    return {normalise(one).casefold() for one in said if one}
