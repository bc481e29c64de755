"""The table on People says what the doors do: both are made of the one table of rights."""

import re

from blog.accounts.roles import RIGHTS, WORDS, Right, RoleName
from tests.blog.web.staff import Studio


def test_people_says_of_every_right_which_role_has_it(studio: Studio) -> None:
    page = (
        studio.as_a(RoleName.ADMINISTRATOR).get("/studio/people").text.partition("What each role may do")[2]
    )
    told = {
        words: re.findall(r'data-label="(\w+)">(Yes|<span)', row)
        for words, row in re.findall(r'data-label="May">([^<]+)</th>(.*?)</tr>', page, re.S)
    }
    assert told == {
        words: [
            (role.value.capitalize(), "Yes" if right in RIGHTS[role] else "<span")
            for role in reversed(RoleName)
        ]
        for right, words in WORDS.items()
    }
    assert set(WORDS) == set(Right)
